using Microsoft.Extensions.Http;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the HTTP client of the token endpoints.</summary>
internal static class TokenClientRegistration
{
    public static void AddTokenClient(this IServiceCollection services)
    {
        services
            .AddHttpClient(TokenClient.Name)
            .ConfigurePrimaryHttpMessageHandler(TokenHttpClient.CreatePrimaryHandler)
            .SetHandlerLifetime(TokenHttpClient.ConnectionLifetime)
            .RemoveAllLoggers();

        // First of its kind, so that what it does to a handler comes after what every other filter did.
        services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, TokenClientFilter>());
    }
}
