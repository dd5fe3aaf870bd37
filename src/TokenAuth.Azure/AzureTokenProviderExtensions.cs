using Azure.Core;

namespace TokenAuth;

/// <summary>The way from TokenAuth to clients that take a <see cref="TokenCredential"/>.</summary>
public static class AzureTokenProviderExtensions
{
    /// <summary>
    /// A <see cref="TokenCredential"/> over a provider, for the Speech SDK and other clients of Azure AI services. A composite provider's Entra
    /// token comes without the resource's id.
    /// </summary>
    /// <remarks>
    /// It answers only for the scopes of Azure AI services (<c>cognitiveservices.azure.com</c>, <c>.cn</c>, <c>.us</c>, and
    /// <c>ai.azure.com</c> and its siblings) and throws an <see cref="InvalidOperationException"/> for any other: a Speech token must not reach a
    /// storage account. A request with claims invalidates the provider's token first.
    /// </remarks>
    public static TokenCredential AsTokenCredential(this ITokenProvider provider) =>
        new ProviderTokenCredential(provider ?? throw new ArgumentNullException(nameof(provider)));
}
