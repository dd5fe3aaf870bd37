using Microsoft.Extensions.Http;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The HTTP client of every token endpoint, as the container makes it.</summary>
internal static class TokenClient
{
    public const string Name = "TokenAuth.TokenEndpoint";

    public static void Register(IServiceCollection services)
    {
        services
            .AddHttpClient(Name)
            .ConfigurePrimaryHttpMessageHandler(TokenHttpClient.CreatePrimaryHandler)
            .SetHandlerLifetime(TokenHttpClient.ConnectionLifetime)
            .RemoveAllLoggers();

        // First of its kind, so that what it does to a handler comes after what every other filter did.
        services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, TokenClientFilter>());
    }

    /// <summary>Makes a client over the factory's current handler, without what <c>ConfigureHttpClientDefaults</c> does to clients.</summary>
    public static Func<HttpClient> From(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IHttpMessageHandlerFactory>();

        return () => TokenHttpClient.Over(factory.CreateHandler(Name));
    }
}
