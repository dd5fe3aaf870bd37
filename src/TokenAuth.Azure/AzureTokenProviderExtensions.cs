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
    /// The credential answers only for the scopes of Azure AI services (<c>cognitiveservices.azure.com</c>, <c>.cn</c>, <c>.us</c>, and
    /// <c>ai.azure.com</c> and its siblings) and throws an <see cref="InvalidOperationException"/> for any other: a Speech token must not reach a
    /// storage account. A request with claims first invalidates the provider's token. Every token is of the scope that the provider itself
    /// asks for (<see cref="AzureSpeechEntraOptions.Scope"/>).
    /// </remarks>
    /// <exception cref="ArgumentException">The provider is that of no Azure Speech resource (<see cref="IAzureSpeechResource"/>).</exception>
    public static TokenCredential AsTokenCredential(this ITokenProvider provider) =>
        IsOfAzureSpeech(provider ?? throw new ArgumentNullException(nameof(provider)))
            ? new ProviderTokenCredential(provider)
            : throw new ArgumentException(
                $"{provider} says no Azure Speech resource that its tokens are for, and Azure must not be sent another vendor's token. Call AsTokenCredential on a provider of "
                    + "AddAzureSpeechEntra or AddAzureSpeech, or let your own provider implement IAzureSpeechResource.",
                nameof(provider)
            );

    // A wrapper around any provider has the interface, and says nothing of a resource where there is none.
    private static bool IsOfAzureSpeech(ITokenProvider provider) =>
        provider
            is IAzureSpeechResource { Region: not null }
                or IAzureSpeechResource { Endpoint: not null }
                or IAzureSpeechResource { GrantsServiceTokens: true };
}
