using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.DependencyInjection;

[Trait("Failure", "80")]
public sealed class MistakenSectionTests
{
    private const string Flat =
        "The settings of a token provider stand directly in the section '{0}', where its name should: give AddTokenAuth the section that "
        + "has the name as a child, as \"TokenAuth\": { \"voice\": { \"Provider\": \"VkCloud\", … } }.";

    private readonly RecordedLogs _logs = new();

    [Theory]
    [InlineData("TokenAuth:voice:Provider", "VkCloud")]
    [InlineData("Logging:LogLevel:Default", "Debug")]
    [InlineData("PATH", "/usr/bin")]
    public void The_whole_configuration_is_one_sentence(string key, string value)
    {
        var root = Root((key, value), ("AllowedHosts", "*"), ("HOME", "/root"));

        Assert.Equal(
            [
                "AddTokenAuth was given the whole configuration; give it the section with the token providers: "
                    + "AddTokenAuth(builder.Configuration.GetSection(\"TokenAuth\")).",
            ],
            StartErrors(root)
        );
    }

    [Fact]
    public void A_configuration_of_nothing_but_providers_is_taken()
    {
        var root = Root(("voice:Provider", "StaticToken"), ("voice:Token", "t-1"));

        using var services = Services(root);

        Assert.NotNull(services.GetRequiredKeyedService<ITokenProvider>("voice"));
    }

    [Theory]
    [InlineData("TokenAuth:Provider", "VkCloud")]
    [InlineData("TokenAuth:provider", "VkClod")]
    [InlineData("TokenAuth:ClientId", "mcs.voice")]
    [InlineData("TokenAuth:SubscriptionKey", "k-1")]
    public void A_flat_section_is_one_sentence(string key, string value)
    {
        var root = Root((key, value), ("TokenAuth:ClientSecret", "s-1"));

        Assert.Equal([Flat.Replace("{0}", "TokenAuth")], StartErrors(root.GetSection("TokenAuth")));
    }

    [Fact]
    public void The_section_of_one_provider_is_the_same_sentence()
    {
        var root = Root(("TokenAuth:vk:Provider", "VkCloud"), ("TokenAuth:vk:ClientId", "mcs.voice"));

        Assert.Equal([Flat.Replace("{0}", "TokenAuth:vk")], StartErrors(root.GetSection("TokenAuth:vk")));
    }

    [Fact]
    public void Unnamed_options_are_one_sentence_that_names_the_providers()
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddVkCloud("voice", Configure)
            .AddVkCloud("vision", Configure)
            .AddStaticToken("fixed", "t-1");
        using var provider = services.BuildServiceProvider();

        var unnamed = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IOptions<VkCloudOptions>>().Value
        );
        var current = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IOptionsMonitor<AzureSpeechOptions>>().CurrentValue
        );

        Assert.Equal(
            "VkCloudOptions is asked for without a name, and the options of a token provider have its name: "
                + "ask IOptionsMonitor<VkCloudOptions> for Get(\"vision\") or Get(\"voice\").",
            unnamed.Message
        );
        Assert.Equal(
            "AzureSpeechOptions is asked for without a name, and the options of a token provider have its name: "
                + "ask IOptionsMonitor<AzureSpeechOptions> for Get(name); no provider of this kind is registered.",
            current.Message
        );
    }

    [Fact]
    public void Unnamed_options_that_the_application_configures_are_its_own()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_logs);
        services.AddTokenAuth();
        services.Configure<VkCloudOptions>(Configure);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<VkCloudOptions>>().Value;
        provider.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal("mcs.voice", options.ClientId);
        Assert.Empty(_logs.Warnings);
    }

    [Fact]
    public void Options_configured_without_a_name_beside_providers_are_warned_of()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_logs);
        services.AddTokenAuth().AddVkCloud("voice", Configure);
        services.Configure<VkCloudOptions>(options => options.TokenEndpoint = new Uri("http://127.0.0.1:1/"));
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IStartupValidator>().Validate();
        _ = provider.GetRequiredKeyedService<ITokenProvider>("voice");

        Assert.Equal(
            [
                "Warning 51: VkCloudOptions is configured without a name, which no token provider reads. Name the provider, as in "
                    + "services.Configure<VkCloudOptions>(\"voice\", …), or call services.ConfigureAll<VkCloudOptions>(…).",
            ],
            _logs.Warnings
        );
    }

    private static void Configure(VkCloudOptions options) =>
        (options.ClientId, options.ClientSecret) = ("mcs.voice", "s-1");

    private static IConfigurationRoot Root(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
            .Build();

    private static ServiceProvider Services(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddTokenAuth(configuration);

        return services.BuildServiceProvider();
    }

    private static IEnumerable<string> StartErrors(IConfiguration configuration)
    {
        using var services = Services(configuration);

        return Assert
            .Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate())
            .Failures;
    }
}
