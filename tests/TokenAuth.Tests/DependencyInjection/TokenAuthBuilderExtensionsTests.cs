using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class TokenAuthBuilderExtensionsTests
{
    [Fact]
    public void Missing_arguments_are_refused()
    {
        var services = new ServiceCollection();
        var builder = services.AddTokenAuth();

        Refuses("services", () => ((IServiceCollection)null!).AddTokenAuth());
        Refuses("configuration", () => services.AddTokenAuth((IConfiguration)null!));
        Refuses("builder", () => ((TokenAuthBuilder)null!).AddStaticToken("vk", "token"));
        Refuses("configure", () => builder.AddVkCloud("vk", null!));
        Refuses("create", () => builder.AddProvider("vk", null!));
        Refuses("create", () => builder.AddTokenSource("vk", null!));
        Refuses("builder", () => ((TokenAuthBuilder)null!).ConfigureTokenClient(_ => { }));
        Refuses("configure", () => builder.ConfigureTokenClient(null!));
        Refuses("builder", () => ((TokenAuthBuilder)null!).UseStore(_ => null!));
        Refuses("factory", () => builder.UseStore(null!));
        Refuses("builder", () => ((IHttpClientBuilder)null!).AddBearerToken("vk"));
        Refuses("builder", () => ((IHealthChecksBuilder)null!).AddTokenAuth());
    }

    private static void Refuses(string argument, Func<object> call) =>
        Assert.Throws<ArgumentNullException>(argument, call);
}
