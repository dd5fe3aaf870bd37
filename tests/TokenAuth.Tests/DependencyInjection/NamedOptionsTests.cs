using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class NamedOptionsTests
{
    // An environment variable brings the child "VOICE"; the test of an application configures "voice".
    [Theory]
    [Trait("Failure", "49")]
    [InlineData("VOICE", "voice")]
    [InlineData("voice", "VOICE")]
    [InlineData("voice", "voice")]
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
        using var provider = services.BuildServiceProvider();

        var options = NamedOptions.Create<VkCloudOptions>(provider, registered);

        Assert.Equal(endpoint, options.TokenEndpoint);
        Assert.Equal($"TokenAuth:{registered}:", options.SettingPrefix);
    }
}
