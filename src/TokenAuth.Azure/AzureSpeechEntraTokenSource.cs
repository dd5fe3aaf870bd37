using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>Microsoft Entra's token, plain or with the resource's id before it.</summary>
internal sealed partial class AzureSpeechEntraTokenSource(
    AzureSpeechEntraOptions options,
    EntraCredential credential,
    ILogger logger
) : ICachingTokenSource
{
    /// <summary>The name that metrics call it by.</summary>
    public const string EntraGrant = "entra";

    private int _refusals; // since the last ordinary renewal: refused tokens, for which the credential was asked past its cache
    private int _isTold; // since then

    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        var grant = Grant(await credential.GetAsync(cancellationToken).ConfigureAwait(false));
        Volatile.Write(ref _refusals, 0); // the last token was accepted until it was due
        Volatile.Write(ref _isTold, 0);

        return grant;
    }

    public async Task<TokenGrant> AcquirePastCacheAsync(TokenGrant? refused, CancellationToken cancellationToken)
    {
        var grant = Grant(await credential.GetPastCacheAsync(cancellationToken).ConfigureAwait(false));
        var isSame = string.Equals(grant.AccessToken.Value, refused?.AccessToken.Value, StringComparison.Ordinal);

        if ((isSame || Interlocked.Increment(ref _refusals) > 1) && Interlocked.Exchange(ref _isTold, 1) == 0)
            TelemetryGuard.Emit(() => LogRefused(logger, options.ProviderName, options.Form));

        return grant;
    }

    private TokenGrant Grant(Azure.Core.AccessToken token)
    {
        var value =
            options.Form == EntraTokenForm.Composite
                ? EntraComposite.Of(options.ResourceId!, token.Token)
                : token.Token;

        return new TokenGrant(new AccessToken(value, token.ExpiresOn))
        {
            RefreshOn = token.RefreshOn,
            GrantType = EntraGrant,
        };
    }

    [LoggerMessage(
        70,
        LogLevel.Warning,
        "A service refuses the Microsoft Entra token of provider '{Provider}' in the form {Form}, also a newer one. Check that its principal has the role 'Cognitive Services "
            + "Speech User' at the resource (Owner and Contributor give no access to data; a new role takes up to five minutes), that the resource has a custom domain, and that the host takes this form: "
            + "Composite for synthesis, voices and short audio, Plain for /speechtotext/ at the custom domain."
    )]
    private static partial void LogRefused(ILogger logger, string provider, EntraTokenForm form);
}
