using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.Registration;

public sealed class NamedOptionsTests
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(10);

    // An environment variable brings the child "VOICE"; the test of an application configures "voice".
    [Theory]
    [Trait("Failure", "49")]
    [InlineData("VOICE", "voice")]
    [InlineData("voice", "VOICE")]
    [InlineData("voice", "voice")]
    [InlineData("VOICE", "Voice")]
    public void What_an_application_configures_reaches_the_provider_in_any_case(string registered, string configured)
    {
        var endpoint = new Uri("http://127.0.0.1:1/token");
        var services = new ServiceCollection().AddLogging();
        services.AddTokenAuth(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        [$"TokenAuth:{registered}:Provider"] = "VkCloud",
                        [$"TokenAuth:{registered}:ClientId"] = "id",
                        [$"TokenAuth:{registered}:ClientSecret"] = "secret",
                    }
                )
                .Build()
                .GetSection("TokenAuth")
        );
        services.Configure<VkCloudOptions>(configured, options => options.TokenEndpoint = endpoint);
        services.PostConfigure<VkCloudOptions>(configured, options => options.AssumedLifetime = _lifetime);
        using var provider = services.BuildServiceProvider();

        var options = OptionsOf(provider, registered);

        Assert.Equal(endpoint, options.TokenEndpoint);
        Assert.Equal(_lifetime, options.AssumedLifetime);
        Assert.Equal($"TokenAuth:{registered}:", options.SettingPrefix);
    }

    [Theory]
    [Trait("Failure", "49")]
    [InlineData("voice")]
    [InlineData("VOICE")]
    [InlineData("Voice")]
    public void Each_configuration_is_applied_once(string name)
    {
        var applied = new List<string>();
        var services = new ServiceCollection().AddLogging().AddSingleton(applied);
        services.AddTokenAuth().AddVkCloud(name, o => (o.ClientId, o.ClientSecret) = ("id", "secret"));
        services.ConfigureAll<VkCloudOptions>(_ => applied.Add("for all"));
        services.AddSingleton<IConfigureOptions<VkCloudOptions>>(new ForEveryName(applied));
        services.AddOptions<VkCloudOptions>("voice").Configure<List<string>>((_, list) => list.Add("with a service"));
        services.PostConfigureAll<VkCloudOptions>(_ => applied.Add("after all"));
        services.PostConfigure<VkCloudOptions>("voice", _ => applied.Add("after"));
        services.Configure<VkCloudOptions>("vision", _ => applied.Add("for another"));
        services.PostConfigure<VkCloudOptions>("vision", _ => applied.Add("for another, after"));
        services.AddSingleton<IValidateOptions<VkCloudOptions>>(
            new ValidateOptions<VkCloudOptions>(
                null,
                _ =>
                {
                    applied.Add("checked");
                    return true;
                },
                ""
            )
        );
        using var provider = services.BuildServiceProvider();

        OptionsOf(provider, name);

        Assert.Equal(["for all", "own type", "with a service", "after all", "after", "checked"], applied);
    }

    [Theory]
    [Trait("Failure", "49")]
    [InlineData("VOICE", "voice")]
    [InlineData("voice", "VOICE")]
    [InlineData("voice", "voice")]
    public void What_an_application_checks_is_checked_in_any_case(string registered, string named)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddTokenAuth().AddVkCloud(registered, o => (o.ClientId, o.ClientSecret) = ("id", "secret"));
        services.AddOptions<VkCloudOptions>(named).Validate(_ => false, "Not this one.");
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => OptionsOf(provider, registered));

        Assert.Equal(["Not this one."], error.Failures);
    }

    [Theory]
    [Trait("Failure", "49")]
    [InlineData("voice")]
    [InlineData("VOICE")]
    [InlineData("Voice")]
    public void A_type_of_its_own_is_told_the_registered_name(string registered)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfigureOptions<VkCloudOptions>>(new NameTaker());
        services.AddSingleton<NamedOptions<VkCloudOptions>>();
        using var provider = services.BuildServiceProvider();

        Assert.Equal(registered, OptionsOf(provider, registered).ClientId);
    }

    private static VkCloudOptions OptionsOf(IServiceProvider services, string name) =>
        services.GetRequiredService<NamedOptions<VkCloudOptions>>().Create(name);

    private sealed class NameTaker : IConfigureNamedOptions<VkCloudOptions>
    {
        public void Configure(VkCloudOptions options) => Configure(name: null, options);

        public void Configure(string? name, VkCloudOptions options) => options.ClientId = name!;
    }

    private sealed class ForEveryName(List<string> applied) : IConfigureNamedOptions<VkCloudOptions>
    {
        public void Configure(VkCloudOptions options) => Configure(null, options);

        public void Configure(string? name, VkCloudOptions options) => applied.Add("own type");
    }
}
