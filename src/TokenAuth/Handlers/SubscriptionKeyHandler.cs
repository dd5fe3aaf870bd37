using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Sends each request with <c>Ocp-Apim-Subscription-Key: …</c>, as Azure AI services want it. Over an Azure Speech provider it sends
/// the provider's key, with its memory of which of two keys works.
/// </summary>
/// <remarks>
/// A request that already has the header is left alone. Over any other provider what it hands out is sent as the key. A wrapper around an
/// Azure Speech provider that derives from <see cref="DelegatingTokenProvider"/> sends that provider's key.
/// </remarks>
public sealed class SubscriptionKeyHandler : TokenHandler
{
    /// <summary>Places the credentials of this provider, which stays the caller's to dispose.</summary>
    /// <param name="options">Only the provider's own hosts and rule of refusal when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">
    /// An entry of <see cref="TokenHandlerOptions.AllowedHosts"/>, or of the provider's own hosts, is not a host,
    /// or the provider's vendor takes no key, as VK Cloud does not.
    /// </exception>
    public SubscriptionKeyHandler(
        ITokenProvider provider,
        TokenHandlerOptions? options = null,
        ILoggerFactory? loggerFactory = null
    )
        : base(
            CheckedPlace.Of(provider, CredentialPlace.KeyHeader, nameof(SubscriptionKeyHandler)),
            options,
            loggerFactory,
            static _ => HeaderPlacement.SubscriptionKey,
            static provider => (provider as ISubscriptionKeySource)?.SubscriptionKey ?? provider
        ) { }
}
