using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.CommandLine;

/// <summary>What goes wrong on the first day: each time <c>doctor</c> says what to do, and it helps.</summary>
public sealed class FirstMistakeTests : IAsyncLifetime
{
    private readonly Application _shop = new();
    private TokenServiceEmulator _emulator = null!;

    public async ValueTask InitializeAsync() =>
        _emulator = await TokenServiceEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _shop.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task The_section_has_another_name()
    {
        _shop.Settings(Azure().Replace("TokenAuth", "TokenAut", StringComparison.Ordinal));

        await FailsAsync(
            "The configuration section 'TokenAuth' has no token provider.",
            $"tokenauth read appsettings.json, environment variables of {_shop.Path}; there is no appsettings.Production.json."
        );

        await WorksAsync("--section", "TokenAut");
    }

    [Fact]
    public async Task A_comma_is_missing()
    {
        _shop.Settings(Azure().Replace("\"AzureSpeech\",", "\"AzureSpeech\"", StringComparison.Ordinal));

        await FailsAsync(
            "is not valid JSON at line 4; correct the comma, quotation mark or bracket there or just before."
        );

        _shop.Settings(Azure());
        await WorksAsync();
    }

    [Fact]
    public async Task A_setting_is_misspelled()
    {
        _shop.Settings(Azure().Replace("SubscriptionKey", "SubscriptonKey", StringComparison.Ordinal));

        await FailsAsync(
            "TokenAuth:speech:SubscriptonKey is not a setting of AzureSpeech; did you mean SubscriptionKey?",
            "It is set by appsettings.json line 5."
        );

        _shop.Settings(Azure());
        await WorksAsync();
    }

    [Fact]
    public async Task The_key_is_in_user_secrets_and_the_environment_is_Production()
    {
        _shop.Settings(Azure(key: null));
        _shop.Secrets($$"""{ "TokenAuth:speech:SubscriptionKey": "{{_emulator.AzureSpeech.PrimaryKey}}" }""");

        await FailsAsync(
            "TokenAuth:speech:SubscriptionKey is missing;",
            "Nothing sets it: tokenauth read appsettings.json, environment variables. User secrets are read in Development, and the environment is Production (the default); if the value is there, pass --environment Development."
        );

        await WorksAsync("--environment", "Development");
    }

    [Fact]
    public async Task The_key_is_still_a_placeholder()
    {
        _shop.Settings(Azure(key: "<your-key>"));

        await FailsAsync(
            "TokenAuth:speech:SubscriptionKey is still a placeholder;",
            "It is set by appsettings.json line 5."
        );

        _shop.Settings(Azure());
        await WorksAsync();
    }

    [Fact]
    public async Task The_key_is_wrong()
    {
        _shop.Settings(Azure(key: "not-the-key-of-this-resource"));

        await FailsAsync(
            "azure-key-refused",
            "SubscriptionKey  28 characters, fingerprint ",
            "appsettings.json line 5"
        );

        _shop.Settings(Azure());
        await WorksAsync();
    }

    [Fact]
    public async Task A_forgotten_variable_overrides_the_right_key()
    {
        _shop.Settings(Azure());
        _shop.Variables["TokenAuth__speech__SubscriptionKey"] = "the-key-of-last-year-that-is-gone";

        await FailsAsync(
            "azure-key-refused",
            "environment variable TokenAuth__speech__SubscriptionKey, which overrides appsettings.json line 5"
        );

        _shop.Variables.Clear();
        await WorksAsync();
    }

    [Fact]
    public async Task The_region_is_written_as_the_portal_shows_it()
    {
        _shop.Settings(Azure(more: "\"Region\": \"West Europe\","));

        await FailsAsync(
            "TokenAuth:speech:Region is 'West Europe'; write it without spaces in lower case, for example 'westeurope'."
        );

        _shop.Settings(Azure(more: "\"Region\": \"westeurope\","));
        await WorksAsync();
    }

    [Fact]
    public async Task The_address_lacks_its_path()
    {
        _shop.Settings(Azure().Replace("sts/v1.0/issueToken", "", StringComparison.Ordinal));

        await FailsAsync("azure-address-without-path", "appsettings.json line 6");

        _shop.Settings(Azure());
        await WorksAsync();
    }

    [Fact]
    public async Task Nobody_listens_at_the_address()
    {
        _shop.Settings(Azure().Replace(_emulator.BaseAddress.Authority, "127.0.0.1:1", StringComparison.Ordinal));

        await FailsAsync("not-reached");

        _shop.Settings(Azure());
        await WorksAsync();
    }

    [Fact]
    public async Task The_secret_is_that_of_the_other_service()
    {
        _shop.Settings(VkCloud(VkCloudClient.Vision.ClientSecret));

        await FailsAsync(
            ["--spend-refresh-token"],
            "vk-credentials-refused",
            "ClientSecret   22 characters, fingerprint ",
            "ClientId       mcs0000000000.voice.emulator"
        );

        _shop.Settings(VkCloud(VkCloudClient.Voice.ClientSecret));
        await WorksAsync("--spend-refresh-token");
    }

    [Fact]
    public async Task The_store_has_no_key()
    {
        _shop.Settings(
            VkCloud(VkCloudClient.Voice.ClientSecret, store: "\"Kind\": \"File\", \"Directory\": \"tokens\"")
        );

        await FailsAsync("store-wrong", "TokenAuth:Store:EncryptionKey");

        var key = (await ToolProcess.RunAsync(_shop, "key")).Output.Trim();
        _shop.Variables["TokenAuth__Store__EncryptionKey"] = key;
        await WorksAsync("--spend-refresh-token");
        Assert.Equal(1, _emulator.Ledger.RefreshTokensMinted);
        await WorksAsync(); // an ordinary renewal, over the store
        Assert.Equal(1, _emulator.Ledger.RefreshTokensMinted);
    }

    [Theory]
    [InlineData(
        """ "Kind": "Redis", "Configuration": "redis://:the-password@localhost:6379" """,
        "The configuration of UseRedisStore cannot be read; write it as 'host:6379,user=…,password=…,ssl=true', not as a URL."
    )]
    [InlineData(
        """ "Kind": "Postgres", "ConnectionString": "postgres://app:the-password@localhost/tokens" """,
        "The connection string of UsePostgresStore cannot be read; write it as 'Host=…;Database=…;Username=…;Password=…', not as a URL."
    )]
    public async Task The_address_of_the_store_is_a_URL(string store, string sentence)
    {
        _shop.Settings(
            VkCloud(
                VkCloudClient.Voice.ClientSecret,
                $"{store}, \"EncryptionKey\": \"{Convert.ToBase64String(new byte[32])}\""
            )
        );

        await FailsAsync("store-wrong", sentence, "appsettings.json line", "voice  VkCloud", "no-store");
        var show = await ToolProcess.RunAsync(_shop, "show");

        Assert.True(show.ExitCode == 1, show.ToString());
        Assert.Contains("store-wrong", show.Output, StringComparison.Ordinal);
        Assert.Contains("voice  VkCloud", show.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("the-password", show.ToString(), StringComparison.Ordinal);
        await WorksAsync("--store", "none", "--spend-refresh-token");
    }

    [Fact]
    public async Task A_variable_of_the_sign_in_with_Entra_is_misspelled()
    {
        _shop.Settings(
            $$"""
            { "TokenAuth": {
              "entra": { "Provider": "AzureSpeechEntra", "Endpoint": "https://mine.cognitiveservices.azure.com/", "Form": "Plain" },
              "speech": {
                "Provider": "AzureSpeech",
                "SubscriptionKey": "{{_emulator.AzureSpeech.PrimaryKey}}",
                "TokenEndpoint": "{{_emulator.AzureTokenEndpoint}}"
              }
            } }
            """
        );
        _shop.Variables["AZURE_TOKEN_CREDENTIALS"] = "nonsense";

        await FailsAsync(
            "1 of 2 providers has a finding.",
            "speech  AzureSpeech",
            "A token was granted in ",
            "entra-credential-failed",
            "tokenauth uses DefaultAzureCredential, the sign-in of the user who runs it, which gave no token: Invalid value for environment variable AZURE_TOKEN_CREDENTIALS"
        );
        var show = await ToolProcess.RunAsync(_shop, "show");
        var print = await ToolProcess.RunAsync(_shop, "print", "speech");

        Assert.True(show.ExitCode == 0, show.ToString());
        Assert.True(print.ExitCode == 0, print.ToString());
    }

    private string Azure(string? key = "", string more = "") =>
        $$"""
            {
              "TokenAuth": { "speech": {
                {{more}} "Provider": "AzureSpeech",
                "AllowHttp": false,
                {{(
                key is null
                    ? ""
                    : $"\"SubscriptionKey\": \"{(key.Length == 0 ? _emulator.AzureSpeech.PrimaryKey : key)}\","
            )}}
                "TokenEndpoint": "{{_emulator.AzureTokenEndpoint}}"
              } }
            }
            """;

    private string VkCloud(string secret, string? store = null) =>
        $$"""
            { "TokenAuth": {
              "voice": {
                "Provider": "VkCloud",
                "ClientId": "{{VkCloudClient.Voice.ClientId}}",
                "ClientSecret": "{{secret}}",
                "TokenEndpoint": "{{_emulator.VkTokenEndpoint}}"
              }{{(store is null ? "" : $", \"Store\": {{ {store} }}")}}
            } }
            """;

    private Task FailsAsync(params string[] sentences) => FailsAsync([], sentences);

    private async Task FailsAsync(string[] options, params string[] sentences)
    {
        var result = await ToolProcess.RunAsync(_shop, ["doctor", .. options]);

        TestContext.Current.TestOutputHelper?.WriteLine($"$ tokenauth doctor {string.Join(' ', options)}\n{result}");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.All(sentences, sentence => Assert.Contains(sentence, result.ToString(), StringComparison.Ordinal));
        foreach (var secret in new[] { _emulator.AzureSpeech.PrimaryKey, VkCloudClient.Voice.ClientSecret })
            Assert.DoesNotContain(secret, result.ToString(), StringComparison.Ordinal);
    }

    private async Task WorksAsync(params string[] options)
    {
        var result = await ToolProcess.RunAsync(_shop, ["doctor", .. options]);

        TestContext.Current.TestOutputHelper?.WriteLine($"$ tokenauth doctor {string.Join(' ', options)}\n{result}");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("A token was granted in ", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 provider, no findings.", result.Output, StringComparison.Ordinal);
    }
}
