using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>Makes every mistake of the page about errors, and looks whether its message reads as the table has it.</summary>
public sealed class ErrorPageTests : IAsyncLifetime
{
    private TokenServiceEmulator _emulator = null!; // set before a test runs

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _emulator = await TokenServiceEmulator.StartAsync();

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task Every_message_of_the_table_is_one_that_an_application_gets()
    {
        var table = Pages.Table("docs/errors.md", "## Messages");
        var rows = Regex
            .Matches(table, "^[|] `(?<message>[^`]+)` [|]", RegexOptions.Multiline)
            .Select(row => row.Groups["message"].Value);

        string[] told =
        [
            .. await StartAsync(),
            await RequestAsync(new("https://api.example.com/asr")),
            await AcquireAsync(voice => voice.ClientSecret = "wrong"),
            await AcquireAsync(voice => (voice.ClientSecret, voice.RefreshToken) = (null, "dead")),
            await AcquireAsync(
                voice => voice.TokenEndpoint = new("https://unknown.example/"),
                HttpRequestError.NameResolutionError
            ),
            await AcquireAsync(
                voice => voice.TokenEndpoint = new("https://down.example/"),
                HttpRequestError.ConnectionError
            ),
            await AcquireAsync(_ =>
                _emulator.Faults.Always(
                    TokenServiceEndpoint.VkToken,
                    TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable)
                )
            ),
            await AcquireWithKeyAsync("wrong"),
            .. await LogsOfFailingStoreAsync(),
        ];

        Assert.Equal(15, rows.Count());
        Assert.All(rows, row => Assert.Contains(told, message => IsAs(row, message)));
    }

    private static bool IsAs(string row, string message) =>
        Regex.IsMatch(message, $"^{Regex.Escape(row).Replace("…", ".+", StringComparison.Ordinal)}$");

    /// <summary>What is wrong with the settings of an application that does not start.</summary>
    private static async Task<IEnumerable<string>> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["TokenAuth:voice:Provider"] = "VkCloud",
                ["TokenAuth:voice:ClientId"] = "mcs0000000000.voice.test",
                ["TokenAuth:voice:TokenEndpoint"] = "http://mcs.mail.ru/auth/oauth/v1/token",
                ["TokenAuth:vision:Provider"] = "VkCloud",
                ["TokenAuth:vision:ClientSecrett"] = "a-secret",
                ["TokenAuth:speech:Provider"] = "AzureSpeech",
                ["TokenAuth:speech:Region"] = "West Europe",
                ["TokenAuth:speech:SubscriptionKey"] = "a-key\n",
            }
        );
        builder.Services.AddTokenAuth(builder.Configuration.GetSection("TokenAuth")).UseFileStore();
        builder.Services.AddHttpClient("Voice").AddBearerToken("vioce");
        using var application = builder.Build();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => application.StartAsync(Stop));

        // What stands before it says which client.
        return fault.Failures.Select(failure =>
            failure.Trim().Replace("AddBearerToken(\"vioce\") of HttpClient 'Voice': ", "", StringComparison.Ordinal)
        );
    }

    private Task<string> RequestAsync(Uri address) =>
        MessageAsync<InvalidOperationException>(
            tokens =>
            {
                tokens.AddVkCloud("voice", IsEmulated);
                tokens.Services.AddHttpClient("Voice").AddBearerToken("voice");
            },
            services => services.GetRequiredService<IHttpClientFactory>().CreateClient("Voice").GetAsync(address, Stop)
        );

    private Task<string> AcquireAsync(Action<VkCloudOptions> spoil, HttpRequestError? error = null) =>
        MessageAsync<TokenAcquisitionException>(
            tokens =>
            {
                tokens.AddVkCloud(
                    "voice",
                    voice =>
                    {
                        IsEmulated(voice);
                        spoil(voice);
                    }
                );
                if (error is { } failure)
                    tokens.ConfigureTokenClient(http =>
                        http.ConfigurePrimaryHttpMessageHandler(() =>
                            new OpaqueHandler(_ => throw new HttpRequestException(failure))
                        )
                    );
            },
            services => services.GetRequiredKeyedService<ITokenProvider>("voice").GetTokenAsync(Stop).AsTask()
        );

    private Task<string> AcquireWithKeyAsync(string key) =>
        MessageAsync<TokenAcquisitionException>(
            tokens =>
                tokens.AddAzureSpeech(
                    "speech",
                    speech => (speech.SubscriptionKey, speech.TokenEndpoint) = (key, _emulator.AzureTokenEndpoint)
                ),
            services => services.GetRequiredKeyedService<ITokenProvider>("speech").GetTokenAsync(Stop).AsTask()
        );

    private async Task<IEnumerable<string>> LogsOfFailingStoreAsync()
    {
        _emulator.Faults.Clear();
        var log = new RecordedLogs();
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log));
        services.AddTokenAuth().AddVkCloud("voice", IsEmulated).UseStore(_ => new FailingStore());
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredKeyedService<ITokenProvider>("voice").GetTokenAsync(Stop);

        return log.Entries.Select(entry => entry.Message);
    }

    private static async Task<string> MessageAsync<TException>(
        Action<TokenAuthBuilder> register,
        Func<IServiceProvider, Task> use
    )
        where TException : Exception
    {
        var services = new ServiceCollection().AddLogging();
        register(services.AddTokenAuth());
        await using var provider = services.BuildServiceProvider();

        return (await Assert.ThrowsAsync<TException>(() => use(provider))).Message;
    }

    private void IsEmulated(VkCloudOptions voice)
    {
        voice.ClientId = VkCloudClient.Voice.ClientId;
        voice.ClientSecret = VkCloudClient.Voice.ClientSecret;
        voice.TokenEndpoint = _emulator.VkTokenEndpoint;
    }
}
