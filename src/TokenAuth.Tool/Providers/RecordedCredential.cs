using Azure.Core;
using Azure.Identity;
using AccessTokenOfAzure = Azure.Core.AccessToken;

namespace TokenAuth.Tool;

/// <summary>The sign-in of whoever is at the terminal, and why it gave no token the last time.</summary>
internal sealed class RecordedCredential : TokenCredential
{
    // Its constructor refuses a wrong variable of the environment, which concerns this provider alone.
    private readonly Lazy<DefaultAzureCredential> _inner = new(static () => new());

    /// <summary>The error that the credential reported, in its own words, which show no secret; null while it works.</summary>
    public string? Error { get; private set; }

    public override AccessTokenOfAzure GetToken(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    ) => _inner.Value.GetToken(requestContext, cancellationToken);

    public override async ValueTask<AccessTokenOfAzure> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _inner.Value.GetTokenAsync(requestContext, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationFailedException exception)
        {
            Error = exception.Message;
            throw;
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            Error = SecretText.Shown(exception.Message); // repeats the variable
            throw;
        }
    }
}
