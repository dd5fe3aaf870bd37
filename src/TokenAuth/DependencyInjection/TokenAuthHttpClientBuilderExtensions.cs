using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Lets the requests of an HTTP client carry a credential. TokenAuth places it below every handler of the client, whatever the order of
/// registration: each attempt of a retry gets a credential that is good now, and no log line can contain it.
/// </summary>
public static class TokenAuthHttpClientBuilderExtensions
{
    /// <summary>Sends <c>Authorization: Bearer …</c>, as VK Cloud Voice and Azure AI Speech want it.</summary>
    /// <remarks>
    /// The client does not follow redirects. An unknown provider, and two providers in one place of one client, stop the start; two methods that would place
    /// a credential on the same request are an error.
    /// </remarks>
    /// <param name="providerName">The provider's name; case does not matter.</param>
    /// <exception cref="InvalidOperationException">The call is for all clients, inside <c>ConfigureHttpClientDefaults</c>.</exception>
    public static IHttpClientBuilder AddBearerToken(
        this IHttpClientBuilder builder,
        string providerName,
        Action<TokenHandlerOptions>? configure = null
    ) =>
        builder.Place(
            nameof(AddBearerToken),
            providerName,
            configure,
            static (provider, options) => new BearerTokenHandler(provider, options)
        );

    /// <summary>Sends <c>oauth_provider=mcs&amp;oauth_token=…</c> in the query, as VK Cloud Vision wants it.</summary>
    /// <inheritdoc cref="AddBearerToken"/>
    public static IHttpClientBuilder AddOAuthTokenQuery(
        this IHttpClientBuilder builder,
        string providerName,
        Action<TokenHandlerOptions>? configure = null
    ) =>
        builder.Place(
            nameof(AddOAuthTokenQuery),
            providerName,
            configure,
            static (provider, options) => new OAuthTokenQueryHandler(provider, options)
        );

    /// <summary>
    /// Sends <c>Ocp-Apim-Subscription-Key: …</c>, as Azure AI services want it: the key of a provider that was added with
    /// <c>AddAzureSpeech</c>, with its spare.
    /// </summary>
    /// <inheritdoc cref="AddBearerToken"/>
    public static IHttpClientBuilder AddSubscriptionKey(
        this IHttpClientBuilder builder,
        string providerName,
        Action<TokenHandlerOptions>? configure = null
    ) =>
        builder.Place(
            nameof(AddSubscriptionKey),
            providerName,
            configure,
            static (provider, options) => new SubscriptionKeyHandler(provider, options)
        );

    private static IHttpClientBuilder Place(
        this IHttpClientBuilder builder,
        string method,
        string providerName,
        Action<TokenHandlerOptions>? configure,
        Func<ITokenProvider, TokenHandlerOptions, TokenHandler> create
    )
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (string.IsNullOrWhiteSpace(providerName))
            throw new ArgumentException(
                $"{method} needs the name of a token provider, for example 'voice'.",
                nameof(providerName)
            );
        if (builder.Name is null)
            throw new InvalidOperationException(
                $"{method}(\"{providerName}\") is called for all clients, inside ConfigureHttpClientDefaults; a credential belongs to the services of "
                    + "one provider. Call it on the clients of those services: "
                    + $"services.AddHttpClient(\"…\").{method}(\"{providerName}\")."
            );
        if (string.Equals(builder.Name, TokenClient.Name, StringComparison.Ordinal))
            throw new InvalidOperationException(
                $"{method}(\"{providerName}\") is called on the client of the token endpoints, which obtains the credentials. Call it on the clients "
                    + "of the services."
            );

        var services = builder.Services;
        services.AddTokenAuth();
        services.AddSingleton(new TokenPlacement(builder.Name, method, providerName, configure, create));
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<TokenAuthStartup>, TokenPlacementsValidator>()
        );

        // First of its kind, so that what it does to a handler comes after what every other filter did.
        var filter = ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, TokenPlacementFilter>();
        if (!services.Any(service => service.ImplementationType == filter.ImplementationType))
            services.Insert(0, filter);

        return builder;
    }
}
