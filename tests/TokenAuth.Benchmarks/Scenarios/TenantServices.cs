using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Benchmarks;

/// <summary>A container with tenants, as an application registers it, and one client of their service.</summary>
internal static class TenantServices
{
    public const string ClientName = "service";
    public const string Voice = "voice";

    public static ServiceProvider Create(
        FakeTokenEndpoint? endpoint = null,
        ITokenStore? store = null,
        Action<TokenHandlerOptions>? configure = null
    )
    {
        var tokens = new FakeTokenEndpoint(new string('t', 50)); // as long as VK Cloud's
        var services = new ServiceCollection();
        if (store is not null)
            services.AddSingleton(store);
        services
            .AddTokenAuth()
            .AddVkCloudTenants(
                Voice,
                (tenant, _, _) =>
                    new(new VkCloudOptions { ClientId = "mcs.voice." + tenant, ClientSecret = "secret-of-" + tenant }),
                o => o.Capacity = 1_000_000
            )
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => endpoint ?? tokens));
        Add(services).AddBearerToken(Voice, configure);

        return services.BuildServiceProvider();
    }

    /// <summary>What sends through the client's handlers, without the client itself.</summary>
    public static HttpMessageInvoker Invoker(IServiceProvider services) =>
        new(services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(ClientName));

    /// <summary>The same way without TokenAuth.</summary>
    public static HttpMessageInvoker InvokerByHand()
    {
        var services = new ServiceCollection();
        Add(services);

        return Invoker(services.BuildServiceProvider());
    }

    private static IHttpClientBuilder Add(ServiceCollection services) =>
        services
            .AddHttpClient(ClientName)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new StubHandler(isLater: false));
}
