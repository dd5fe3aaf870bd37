using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>The HTTP client of every token endpoint, as the container makes it.</summary>
internal static class TokenClient
{
    public const string Name = "TokenAuth.TokenEndpoint";

    /// <summary>Makes a client over the factory's current handler, without what <c>ConfigureHttpClientDefaults</c> does to clients.</summary>
    public static Func<HttpClient> From(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IHttpMessageHandlerFactory>();

        return () => TokenHttpClient.Over(factory.CreateHandler(Name));
    }

    /// <summary>The exchange over it, which any number of providers may share.</summary>
    public static TokenEndpointClient EndpointFrom(IServiceProvider services) =>
        new(From(services), services.GetService<TimeProvider>() ?? TimeProvider.System);
}
