using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Sends each request with <c>Authorization: Bearer …</c> (RFC 6750 section 2.1), as VK Cloud Voice and Azure AI Speech want it.
/// </summary>
/// <remarks>The handler leaves a request alone that already has an <c>Authorization</c> header.</remarks>
public sealed class BearerTokenHandler : TokenHandler
{
    /// <summary>Places the credentials of this provider. The caller disposes the provider.</summary>
    /// <param name="options">Only the provider's own hosts and rule of refusal when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">
    /// An entry of <see cref="TokenHandlerOptions.AllowedHosts"/>, or of the provider's own hosts, is not a host.
    /// </exception>
    public BearerTokenHandler(
        ITokenProvider provider,
        TokenHandlerOptions? options = null,
        ILoggerFactory? loggerFactory = null
    )
        : base(
            CheckedPlace.Of(provider, CredentialPlace.BearerHeader, nameof(BearerTokenHandler)),
            options,
            loggerFactory,
            static _ => HeaderPlacement.Bearer
        ) { }
}
