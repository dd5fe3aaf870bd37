using Azure.Core;
using Azure.Identity;
using AccessTokenOfAzure = Azure.Core.AccessToken;

namespace TokenAuth.Tool;

/// <summary>The sign-in of whoever is at the terminal, and why it gave no token the last time.</summary>
internal sealed class RecordedCredential : TokenCredential
{
    private readonly DefaultAzureCredential _inner = new();

    /// <summary>The error that the credential reported, in its own words, which show no secret; null while it works.</summary>
    public string? Error { get; private set; }

    public override AccessTokenOfAzure GetToken(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    ) => _inner.GetToken(requestContext, cancellationToken);

    public override async ValueTask<AccessTokenOfAzure> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _inner.GetTokenAsync(requestContext, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationFailedException exception)
        {
            Error = exception.Message;
            throw;
        }
    }
}
