using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.DependencyInjection;

[Trait("Failure", "69")]
public sealed class MisplacedSecretTests
{
    private const string HexKey = "0123456789abcdef0123456789abcdef";
    private const string LongKey = "5ZkV3bqTnL8xJw1RfDgYc0HsMaPe7uI2oB9tQ4vN6yXzCEAiJQQJ99BKACYeBjFXJ3w3AAAYACOGd1aB";
    private const string Jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

    private readonly RecordedLogs _logs = new();

    public static TheoryData<string, string, string> Places =>
        [
            ("AzureSpeech", "Region", "{0}"),
            ("AzureSpeech", "Region", " {0}"),
            ("AzureSpeech", "TokenEndpoint", "{0}"),
            ("AzureSpeech", "TokenEndpoint", "key:{0}"),
            ("AzureSpeech", "TokenEndpoint", "https://{0}/"),
            ("AzureSpeech", "TokenEndpoint", "https://{0}.api.cognitive.microsoft.com/sts/v1.0/issueToken"),
            ("AzureSpeech", "TokenEndpoint", "https://contoso.cognitiveservices.azure.com/{0}"),
            ("AzureSpeech", "TokenEndpoint", "https://contoso.cognitiveservices.azure.com/sts?subscription-key={0}"),
            ("AzureSpeech", "TokenEndpoint", "https://contoso.cognitiveservices.azure.com/sts#{0}"),
            ("AzureSpeech", "TokenEndpoint", "https://{0}@contoso.cognitiveservices.azure.com/sts"),
            ("AzureSpeech", "TokenEndpoint", "http://{0}/"),
            ("AzureSpeech", "TokenEndpoint", "ftp://tokens.example/{0}"),
            ("AzureSpeech", "Endpoint", "{0}"),
            ("AzureSpeech", "Endpoint", "https://contoso.cognitiveservices.azure.com/?key={0}"),
            ("AzureSpeech", "Endpoint", "https://{0}.tts.speech.microsoft.com/"),
            ("AzureSpeech", "Endpoint", "https://{0}.api.cognitive.azure.cn/"),
            ("AzureSpeech", "Scope", "{0}"),
            ("AzureSpeech", "AllowHttp", "{0}"),
            ("AzureSpeech", "ReuseFor", "{0}"),
            ("AzureSpeech", "Provider", "{0}"),
            ("VkCloud", "TokenEndpoint", "{0}"),
            ("VkCloud", "TokenEndpoint", "https://mcs.mail.ru/auth/oauth/v1/token?client_secret={0}"),
            ("VkCloud", "TokenEndpoint", "https://mcs.mail.ru/{0}"),
            ("VkCloud", "AssumedLifetime", "{0}"),
            ("VkCloud", "Provider", "{0}"),
        ];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_secret_in_the_wrong_setting_stops_the_start_and_is_repeated_nowhere(
        string kind,
        string setting,
        string text
    )
    {
        foreach (var secret in new[] { HexKey, LongKey, Jwt })
        {
            using var services = Services(kind, setting, text.Replace("{0}", secret, StringComparison.Ordinal));

            var error = Assert.Throws<OptionsValidationException>(() =>
                services.GetRequiredService<IStartupValidator>().Validate()
            );

            AssertWithout(secret, error.ToString());
            AssertWithout(secret, string.Join(' ', error.Failures));
            AssertWithout(secret, string.Join(' ', _logs.Lines));
        }
    }

    [Theory]
    [InlineData(HexKey)]
    [InlineData(LongKey)]
    [InlineData(Jwt)]
    public void A_constructor_refuses_and_repeats_it_no_more_than_the_start(string secret)
    {
        var region = new AzureSpeechOptions { Region = secret, SubscriptionKey = "k-1" };
        var relative = new AzureSpeechOptions
        {
            SubscriptionKey = "k-1",
            TokenEndpoint = new Uri(secret, UriKind.Relative),
        };
        var vk = new VkCloudOptions
        {
            ClientId = "id",
            ClientSecret = "s-1",
            TokenEndpoint = new Uri(secret, UriKind.Relative),
        };

        foreach (var options in new object[] { region, relative, vk })
        {
            var error = Assert.Throws<ArgumentException>(() =>
                options is VkCloudOptions cloud
                    ? (ITokenProvider)new VkCloudTokenProvider(cloud)
                    : new AzureSpeechTokenProvider((AzureSpeechOptions)options)
            );

            AssertWithout(secret, error.ToString());
            AssertWithout(secret, options.ToString()!);
        }
    }

    [Fact]
    public void One_text_for_id_and_secret_is_refused_and_not_shown()
    {
        var options = new VkCloudOptions { ClientId = HexKey, ClientSecret = HexKey };

        var error = Assert.Throws<ArgumentException>(() => new VkCloudTokenProvider(options));

        Assert.StartsWith(
            "VkCloudOptions.ClientId and ClientSecret are the same; copy each from its own field of the VK Cloud console.",
            error.Message,
            StringComparison.Ordinal
        );
        AssertWithout(HexKey, options.ToString());
    }

    [Fact]
    public void Name_and_token_in_each_others_place_are_refused()
    {
        var services = new ServiceCollection();

        var error = Assert.Throws<ArgumentException>(() => services.AddTokenAuth().AddStaticToken(Jwt, "service"));

        Assert.StartsWith(
            "The name of a token provider looks like a token; write AddStaticToken(name, token).",
            error.Message,
            StringComparison.Ordinal
        );
        AssertWithout(Jwt, error.ToString());
    }

    [Theory]
    [InlineData(HexKey)]
    [InlineData(LongKey)]
    [InlineData(Jwt)]
    public void A_secret_among_a_handlers_options_stops_the_start(string secret)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_logs);
        services.AddTokenAuth().AddStaticToken("fixed", "t-1");
        services.AddHttpClient("one").AddOAuthTokenQuery("fixed", o => o.OAuthProvider = secret);
        services.AddHttpClient("two").AddBearerToken("fixed", o => o.AllowedHosts.Add(secret + "/"));
        services.AddHttpClient("three").AddBearerToken(secret);
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IStartupValidator>().Validate()
        );

        Assert.Equal(3, error.Failures.Count());
        AssertWithout(secret, error.ToString());
    }

    [Fact]
    public void A_secret_as_the_key_of_a_stored_record_is_refused_and_not_shown()
    {
        var options = new CachedTokenOptions { StoreKey = LongKey };

        var error = Assert.Throws<ArgumentException>(() =>
            new CachedTokenProvider(new ScriptedSource(TimeProvider.System), options)
        );

        AssertWithout(LongKey, error.ToString());
    }

#if !NETSTANDARD_ASSEMBLY
    [Fact]
    public void An_encryption_key_as_the_directory_is_refused_and_no_directory_is_made()
    {
        var key = Convert.ToBase64String(new byte[32]);
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddStaticToken("fixed", "t-1")
            .UseFileStore(o => (o.Directory, o.EncryptionKey) = (key, key));
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IStartupValidator>().Validate()
        );

        Assert.Equal(
            ["FileTokenStoreOptions.Directory looks like a key; name a directory, and give the key as EncryptionKey."],
            error.Failures
        );
        Assert.False(Directory.Exists(key));
    }
#endif

    [Theory]
    [InlineData("westeurope")]
    [InlineData("germanywestcentral")]
    [InlineData("eastus2euap")]
    [InlineData("southcentralusstg")]
    [InlineData("usdodcentral")]
    [InlineData("chinaeast2")]
    [InlineData("australiacentral2")]
    public void A_region_is_no_secret(string region)
    {
        using var services = Services("AzureSpeech", "Region", region);

        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("https://contoso-speech-2024-prod01.cognitiveservices.azure.com/sts/v1.0/issueToken")]
    [InlineData("https://ai-jdoe1234ai567890123456.cognitiveservices.azure.com/sts/v1.0/issueToken")]
    [InlineData("https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken?scope=speechservicesmanagement")]
    [InlineData("https://127.0.0.1:8443/issueToken")]
    [InlineData($"https://{HexKey}.cognitiveservices.azure.com/sts/v1.0/issueToken")]
    [InlineData($"https://speech-{HexKey}.cognitiveservices.azure.com/sts/v1.0/issueToken")]
    [InlineData($"https://{HexKey}.internal/issueToken")]
    [InlineData($"https://gateway.example/{HexKey}/sts/v1.0/issueToken")]
    [InlineData($"https://gateway.example/tenants/{HexKey}")]
    [InlineData($"https://gateway.example/tenants/0123456789ABCDEF0123456789ABCDEF/token")]
    public void An_address_is_no_secret(string endpoint)
    {
        using var services = Services("AzureSpeech", "TokenEndpoint", endpoint);

        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("https://{0}.cognitiveservices.azure.com/sts/v1.0/issueToken")]
    [InlineData("https://gateway.example/{0}/issueToken")]
    public void The_providers_own_key_in_an_address_is_refused_wherever_it_stands(string text)
    {
        foreach (var secret in new[] { HexKey, "0a1b2c3d4e5f60718293" })
        {
            var root = Root("AzureSpeech", "TokenEndpoint", text.Replace("{0}", secret, StringComparison.Ordinal));
            root["TokenAuth:p:SubscriptionKey"] = secret;
            using var services = Services(root);

            var error = Assert.Throws<OptionsValidationException>(() =>
                services.GetRequiredService<IStartupValidator>().Validate()
            );

            Assert.Equal(
                [
                    "TokenAuth:p:TokenEndpoint has something in it that looks like a key or a token; write the address alone.",
                ],
                error.Failures
            );
        }
    }

    [Fact]
    public void A_resource_that_is_named_by_an_id_without_dashes_is_shown()
    {
        var address = new Uri($"https://{HexKey}.cognitiveservices.azure.com/");

        Assert.Equal(
            $"AzureSpeechOptions ({address})",
            new AzureSpeechOptions { Endpoint = address, SubscriptionKey = "k-1" }.ToString()
        );
    }

    [Theory]
    [InlineData("Kundenportal2024Prod01")]
    [InlineData("client-12345")]
    [InlineData("speech-11111111-2222-3333-4444-555555555555")]
    public void A_name_that_is_none_is_shown(string name)
    {
        using var services = Services(Root("AzureSpeech", $"TokenAuth:{name}:Region", "westeurope", prefix: ""));

        var error = Assert.Throws<OptionsValidationException>(() =>
            services.GetRequiredService<IStartupValidator>().Validate()
        );

        Assert.StartsWith($"TokenAuth:{name}:Provider is missing; ", error.Failures.Single(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Names =>
        [
            ("TokenAuth:p:{0}", "x"),
            ("TokenAuth:p:SubscriptionKey={0}", "x"),
            ("TokenAuth:p:SubscriptionKey:{0}", "x"),
            ("TokenAuth:p:{0}:Value", "x"),
            ("TokenAuth:{0}", "x"),
            ("TokenAuth:{0}:Provider", "AzureSpech"),
            ("TokenAuth:{0}:Provider", "AzureSpeech"),
            ("TokenAuth:{0}:Region", "westeurope"),
            ("TokenAuth:Store:{0}", "x"),
            ("TokenAuth:Store:Directory:{0}", "x"),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_secret_as_the_name_of_a_setting_or_of_a_section_is_repeated_nowhere(string path, string value)
    {
        foreach (var secret in new[] { HexKey, LongKey, Jwt, "zL8xJw1RfDgYc0HsMaPe7u" })
        {
            var root = Root("AzureSpeech", path.Replace("{0}", secret, StringComparison.Ordinal), value, prefix: "");
            root["TokenAuth:Store:Kind"] = "File";
            using var services = Services(root);

            var error = Assert.Throws<OptionsValidationException>(() =>
                services.GetRequiredService<IStartupValidator>().Validate()
            );
            var unknown = Assert.ThrowsAny<Exception>(() => services.GetRequiredKeyedService<ITokenProvider>("other"));

            AssertWithout(secret, error.ToString());
            AssertWithout(secret, string.Join(' ', error.Failures));
            AssertWithout(secret, unknown.ToString());
            AssertWithout(secret, string.Join(' ', _logs.Lines));
        }
    }

    [Fact]
    public async Task A_reload_to_one_is_refused_and_neither_log_nor_health_check_repeats_it()
    {
        var root = Root("AzureSpeech", "Region", "westeurope");
        using var services = Services(root);
        _ = services.GetRequiredKeyedService<ITokenProvider>("p");

        root["TokenAuth:p:Region"] = HexKey;
        root.Reload();
        var health = await services
            .GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Degraded, health.Status);
        AssertWithout(HexKey, string.Join(' ', health.Entries.Values.Select(entry => entry.Description)));
        AssertWithout(HexKey, string.Join(' ', _logs.Lines));
        Assert.Single(_logs.Messages(5));
    }

    private static void AssertWithout(string secret, string text)
    {
        // A long text may be cut: no eight characters of it in a row.
        for (var at = 0; at + 8 <= secret.Length; at++)
            Assert.DoesNotContain(secret.Substring(at, 8), text, StringComparison.OrdinalIgnoreCase);
    }

    private ServiceProvider Services(string kind, string setting, string value) => Services(Root(kind, setting, value));

    private ServiceProvider Services(IConfiguration root)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddTokenAuth(root.GetSection("TokenAuth"));
        services.AddHealthChecks().AddTokenAuth();

        return services.BuildServiceProvider();
    }

    private static IConfigurationRoot Root(string kind, string setting, string value, string prefix = "TokenAuth:p:") =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["TokenAuth:p:Provider"] = kind,
                    [kind == "VkCloud" ? "TokenAuth:p:ClientId" : "TokenAuth:p:Region"] = "westeurope",
                    [kind == "VkCloud" ? "TokenAuth:p:ClientSecret" : "TokenAuth:p:SubscriptionKey"] = "k-1",
                    [prefix + setting] = value,
                }
            )
            .Build();
}
