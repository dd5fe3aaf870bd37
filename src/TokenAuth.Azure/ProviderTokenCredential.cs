using Azure.Core;
using EntraToken = Azure.Core.AccessToken;

namespace TokenAuth;

/// <summary>A provider's tokens for clients that take a <see cref="TokenCredential"/>.</summary>
internal sealed class ProviderTokenCredential(ITokenProvider provider) : TokenCredential
{
    private static readonly string[] _hosts =
    [
        "cognitiveservices.azure.com",
        "cognitiveservices.azure.cn",
        "cognitiveservices.azure.us",
        "ai.azure.com",
        "ai.azure.cn",
        "ai.azure.us",
    ];

    public override async ValueTask<EntraToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    )
    {
        RefuseOtherScopes(requestContext.Scopes);

        var token = await provider.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        if (requestContext.Claims is { Length: > 0 })
        {
            provider.Invalidate(token);
            token = await provider.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }

        return new EntraToken(EntraComposite.Plain(token.Value), token.ExpiresAt ?? DateTimeOffset.MaxValue);
    }

    // On another thread: what the provider awaits must not need the caller's, which is blocked.
    public override EntraToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        Task.Run(() => GetTokenAsync(requestContext, cancellationToken).AsTask(), cancellationToken)
            .GetAwaiter()
            .GetResult();

    public override string ToString() => $"TokenCredential of {provider}";

    private void RefuseOtherScopes(string[] scopes)
    {
        foreach (var scope in scopes)
        {
            if (!IsOfAzureAi(scope))
                throw new InvalidOperationException(
                    $"{provider} was asked for a token of the scope '{scope}', and has only those of Azure AI services "
                        + "(https://cognitiveservices.azure.com/.default). Give the other client a credential of its own."
                );
        }
    }

    private static bool IsOfAzureAi(string scope) =>
        Uri.TryCreate(scope, UriKind.Absolute, out var address)
        && string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        && _hosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase);
}
