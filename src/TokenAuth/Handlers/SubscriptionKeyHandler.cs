using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Sends each request with <c>Ocp-Apim-Subscription-Key: …</c>, as Azure AI services want it. Over an Azure Speech provider it sends
/// the provider's key, with its memory of which of two keys works.
/// </summary>
/// <remarks>
/// The handler leaves a request alone that already has the header. Over any other provider it sends as the key what the provider hands out.
/// Over a <see cref="DelegatingTokenProvider"/> around an Azure Speech provider it sends that provider's key.
/// </remarks>
public sealed class SubscriptionKeyHandler : TokenHandler
{
    /// <summary>Places the credentials of this provider. The caller disposes the provider.</summary>
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
