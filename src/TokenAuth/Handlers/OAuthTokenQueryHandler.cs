using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Sends each request with <c>oauth_provider=mcs&amp;oauth_token=…</c> in its query, as VK Cloud Vision wants it. Afterwards the request
/// has its own URI again.
/// </summary>
/// <remarks>The handler leaves a request alone that already has an <c>oauth_token</c>, and keeps an <c>oauth_provider</c> that it has.</remarks>
public sealed class OAuthTokenQueryHandler : TokenHandler
{
    /// <summary>Places the credentials of this provider. The caller disposes the provider.</summary>
    /// <param name="options">Only the provider's own hosts and rule of refusal when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">
    /// An entry of <see cref="TokenHandlerOptions.AllowedHosts"/>, or of the provider's own hosts, is not a host,
    /// the provider's vendor takes no token in the query, as Azure does not, or <see cref="TokenHandlerOptions.OAuthProvider"/> is empty.
    /// </exception>
    public OAuthTokenQueryHandler(
        ITokenProvider provider,
        TokenHandlerOptions? options = null,
        ILoggerFactory? loggerFactory = null
    )
        : base(
            CheckedPlace.Of(provider, CredentialPlace.Query, nameof(OAuthTokenQueryHandler)),
            options,
            loggerFactory,
            static o => new QueryPlacement(o.OAuthProvider)
        ) { }
}
