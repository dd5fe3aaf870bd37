using Azure;
using Azure.Core;
using EntraToken = Azure.Core.AccessToken;

namespace TokenAuth;

/// <summary>The application's <see cref="TokenCredential"/>, asked for tokens of one scope.</summary>
internal sealed class EntraCredential(TokenCredential credential, string scope, string providerName)
{
    // A request with claims is answered past the cache. This one asks for no claim.
    private const string NoClaims = """{"access_token":{}}""";

    public async Task<EntraToken> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(claims: null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(exception);
        }
    }

    /// <summary>The same past the credential's cache, where it can be asked so; a command-line credential cannot.</summary>
    public async Task<EntraToken> GetPastCacheAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(NoClaims, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // whatever a credential throws that takes no claims
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return await GetAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<EntraToken> AskAsync(string? claims, CancellationToken cancellationToken)
    {
        var token = await credential
            .GetTokenAsync(new TokenRequestContext([scope], claims: claims), cancellationToken)
            .ConfigureAwait(false);

        return CredentialText.Error(token.Token) is { } error
            ? throw Failure(
                new Explanation(
                    EntraHelp.CredentialFailed,
                    $"The Azure credential of provider '{providerName}' gave a token that {error}.",
                    "Check what the credential is, and the credential itself where it is the application's own."
                )
            )
            : token;
    }

    // Azure.Identity is no dependency of this package; its exceptions wrap what failed.
    private Exception Failure(Exception exception) =>
        exception is TokenAcquisitionException
            ? exception
            : Failure(
                new Explanation(
                    EntraHelp.CredentialFailed,
                    $"The Azure credential of provider '{providerName}' gave no token for {scope}: it threw {exception.GetType().Name}, which is the inner exception.",
                    "Check the credential's settings, or sign in again."
                ),
                exception
            );

    private TokenAcquisitionException Failure(Explanation explanation, Exception? cause = null) =>
        new(explanation.ToString(), cause)
        {
            Explanation = explanation,
            ProviderName = providerName,
            IsTransient = IsOfTheNetwork(cause),
        };

    private static bool IsOfTheNetwork(Exception? exception) =>
        exception switch
        {
            null => false,
            HttpRequestException or IOException or TimeoutException or OperationCanceledException => true,
            RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
            AggregateException many when many.InnerExceptions.Any(IsOfTheNetwork) => true,
            _ => IsOfTheNetwork(exception.InnerException),
        };
}
