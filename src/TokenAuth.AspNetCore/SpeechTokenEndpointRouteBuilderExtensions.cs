using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that hands Azure Speech tokens to browsers and apps.</summary>
public static class SpeechTokenEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps a POST that answers with a token of an Azure Speech provider, its region and its remaining life. The key stays on the server.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Outside Development the application does not start when the endpoint has neither authorization (its own, its group's, or a
    /// fallback policy) nor <c>AllowAnonymous()</c>. In Development it starts, hands out tokens and warns. Elsewhere, an unprotected endpoint refuses every
    /// request.
    /// </para>
    /// <para>
    /// A token opens the whole Speech resource for up to ten minutes, so put a rate limit for each user in front:
    /// <c>app.MapSpeechToken("/speech-token", "speech").RequireAuthorization().RequireRateLimiting("speech")</c>.
    /// </para>
    /// <para>
    /// Failures are problems (<see href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</see>) whose <c>type</c> begins with
    /// <c>urn:tokenauth:</c>. 503 with <c>Retry-After</c> says that no token can be had now. Azure's own 401 and its text never come through.
    /// </para>
    /// </remarks>
    /// <param name="pattern">The route, for example <c>/speech-token</c>.</param>
    /// <param name="providerName">A provider of Azure Speech's own tokens, as <c>AddAzureSpeech</c> registers one; case does not matter.</param>
    /// <returns>Takes the endpoint's conventions, such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="InvalidOperationException">
    /// TokenAuth is not registered, no provider has this name, or its tokens are not for browsers.
    /// </exception>
    /// <exception cref="OptionsValidationException">An option, or a setting of a provider, is wrong.</exception>
    public static IEndpointConventionBuilder MapSpeechToken(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        string providerName,
        Action<SpeechTokenEndpointOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentException.ThrowIfNullOrWhiteSpace(providerName);

        var call = $"MapSpeechToken(\"{pattern}\", \"{providerName}\")";
        var services = endpoints.ServiceProvider;
        var checks =
            services.GetService<StartedChecks>()
            ?? throw new InvalidOperationException(
                $"{call} finds no TokenAuth in the container. Register it first: builder.Services.AddTokenAuth().AddAzureSpeech(\"{providerName}\", …)."
            );
        var options = Options(call, configure);
        var issuers = Issuers(call, services, providerName, options);
        var protection = new SpeechTokenProtection(call, services);
        var endpoint = new SpeechTokenEndpoint(issuers, options, protection, services);

        checks.Add(protection.CheckAsync);

        return endpoints
            .MapPost(pattern, endpoint.HandleAsync)
            .WithMetadata([protection.Mark, .. SpeechTokenDescription.Of(endpoint.HandleAsync, options.Shape)]);
    }

    private static SpeechTokenEndpointOptions Options(string call, Action<SpeechTokenEndpointOptions>? configure)
    {
        var options = new SpeechTokenEndpointOptions();
        configure?.Invoke(options);

        var errors = SpeechTokenEndpointOptionsValidator.Errors(options).Select(error => $"{call}: {error}").ToList();

        return errors.Count == 0
            ? options
            : throw new OptionsValidationException(call, typeof(SpeechTokenEndpointOptions), errors);
    }

    private static SpeechTokenIssuers Issuers(
        string call,
        IServiceProvider services,
        string name,
        SpeechTokenEndpointOptions options
    )
    {
        var registry = services.GetRequiredService<TokenProviderRegistry>();
        var grantsTokens = registry.GrantServiceTokensToTenants(name);

        return (grantsTokens, options.Tenant) switch
        {
            (null, null) => new(name, services, Provider(call, services, name)),
            (true, not null) => new(name, services, options.Tenant),
            (false, _) => throw NotForBrowsers(call, name),
            (null, _) when !registry.Has(name) => throw new InvalidOperationException(
                $"{call}: {registry.Unknown(name)}"
            ),
            (null, _) => throw new InvalidOperationException(
                $"{call}: Tenant is set, but token provider '{name}' has no tenants; leave it out."
            ),
            _ => throw new InvalidOperationException(
                $"{call}: token provider '{name}' has tenants, and nothing says whose token a caller gets. Set Tenant, for example "
                    + "o => o.Tenant = context => context.User.FindFirstValue(\"tenant\")."
            ),
        };
    }

    private static ITokenProvider Provider(string call, IServiceProvider services, string name)
    {
        return
            Registered(call, services, name)
                is IAzureSpeechResource { GrantsServiceTokens: true }
                    and ITokenProvider provider
            ? provider
            : throw NotForBrowsers(call, name);
    }

    private static ITokenProvider Registered(string call, IServiceProvider services, string name)
    {
        try
        {
            return services.GetRequiredKeyedService<ITokenProvider>(name);
        }
        catch (InvalidOperationException error) // an unknown name; the message lists the known ones
        {
            throw new InvalidOperationException($"{call}: {error.Message}", error);
        }
    }

    private static InvalidOperationException NotForBrowsers(string call, string name) =>
        new(
            $"{call} hands out only what a browser may have, Azure Speech's own tokens of ten minutes, and token provider '{name}' has no such tokens: a VK Cloud "
                + "token, a fixed token, a key, an Entra token or one with the scope speechservicesmanagement opens more. Name a provider that AddAzureSpeech registers."
        );
}
