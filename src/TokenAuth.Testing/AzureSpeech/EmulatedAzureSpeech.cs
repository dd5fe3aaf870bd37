using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>The emulated Azure Speech resource at run time. Its members do what the resource's owner can do in the portal.</summary>
public sealed class EmulatedAzureSpeech
{
    internal const string KeyHeader = "Ocp-Apim-Subscription-Key";
    internal const string ManagementScope = "speechservicesmanagement";

    private readonly TokenServiceEmulatorOptions _options;
    private readonly AzureSpeechKeys _keys;
    private readonly AzureSpeechEntra _entra;
    private readonly object _gate = new();
    private readonly IssuedTokens<AzureSpeechToken> _issued; // guarded by _gate

    internal EmulatedAzureSpeech(TokenServiceEmulatorOptions options)
    {
        _options = options;
        _keys = new(options);
        _entra = new(options);
        _issued = new(options.TimeProvider, token => token.ExpiresAt);
    }

    /// <summary>The current first key. <see cref="RegenerateKey"/> replaces it.</summary>
    public string PrimaryKey => _keys[AzureSpeechKey.Primary];

    /// <summary>The current second key. <see cref="RegenerateKey"/> replaces it.</summary>
    public string SecondaryKey => _keys[AzureSpeechKey.Secondary];

    internal int TokensIssued
    {
        get
        {
            lock (_gate)
                return _issued.Count;
        }
    }

    internal int ActiveTokens
    {
        get
        {
            lock (_gate)
                return _issued.Known.Count(token => token.IsActive(_options.TimeProvider.GetUtcNow()));
        }
    }

    /// <summary>
    /// Gives the resource a new key. The old key stops working after <paramref name="oldKeyLivesFor"/>, or at once if you do
    /// not set it; Azure's pages disagree on the time. Tokens issued for the old key stay valid.
    /// </summary>
    /// <returns>The new key.</returns>
    public string RegenerateKey(AzureSpeechKey which, TimeSpan oldKeyLivesFor = default)
    {
        var key = "emulated-key-" + RandomText.QueryId();
        _keys.Replace(which, key, oldKeyLivesFor);
        return key;
    }

    /// <summary>
    /// A Microsoft Entra token whose principal has the role for this resource. Synthesis and short audio take it in the composite form,
    /// <c>/speechtotext/…</c> takes it plain, and issueToken exchanges it, as Azure does. The last two need a custom domain: they
    /// refuse the token if the <c>Host</c> of the request is a region's.
    /// </summary>
    /// <param name="lifetime">One hour when null.</param>
    /// <returns>The token, as a <c>TokenCredential</c> would return it.</returns>
    public string CreateEntraToken(TimeSpan? lifetime = null) => _entra.Create(lifetime ?? TimeSpan.FromHours(1));

    /// <summary>Takes the role at the resource from the principal of this Microsoft Entra token.</summary>
    /// <returns>Whether the principal had the role until now.</returns>
    public bool RevokeEntraToken(string entraToken) => _entra.Revoke(entraToken);

    /// <summary>Revokes all tokens issued so far, as if the service had lost its signing key.</summary>
    /// <returns>How many there were.</returns>
    public int RevokeAccessTokens()
    {
        lock (_gate)
        {
            var revoked = _issued.Known.Where(token => token.IsActive(_options.TimeProvider.GetUtcNow())).ToList();
            foreach (var token in revoked)
                token.Revoked = true;
            return revoked.Count;
        }
    }

    /// <summary>Revokes this token.</summary>
    /// <returns>Whether it was good until now.</returns>
    public bool RevokeAccessToken(string accessToken)
    {
        lock (_gate)
        {
            if (_issued.Find(accessToken) is not { } token || !token.IsActive(_options.TimeProvider.GetUtcNow()))
                return false;

            token.Revoked = true;
            return true;
        }
    }

    internal Task IssueTokenAsync(HttpContext context)
    {
        if (context.Request.ContentLength is null)
            return AzureSpeechTokenResponse.LengthRequiredAsync(context);

        if (Credential.Bearer(context) is { } bearer)
            return ExchangeAsync(context, bearer);

        return AcceptsKey(context)
            ? AzureSpeechTokenResponse.TokenAsync(context, Issue(context))
            : AzureSpeechTokenResponse.WrongKeyAsync(context, _options.AzureSpeech.ErrorShape);
    }

    private Task ExchangeAsync(HttpContext context, string bearer)
    {
        if (AzureSpeechRegion.IsRegional(context.Request.Host.Host))
            return AzureSpeechTokenResponse.CustomDomainRequiredAsync(context);

        return _entra.Accepts(bearer, AzureSpeechEntraForm.Plain)
            ? AzureSpeechTokenResponse.TokenAsync(context, Issue(context))
            : AzureSpeechTokenResponse.PermissionDeniedAsync(context);
    }

    internal bool IsRegionOf(HttpContext context) =>
        AzureSpeechRegion.Matches(context.Request.Host.Host, _options.AzureSpeech.Region);

    internal bool AcceptsKey(HttpContext context) =>
        IsRegionOf(context) && Credential.Read(context, KeyHeader) is { } key && _keys.Accepts(key);

    internal bool AcceptsEntra(string bearer, AzureSpeechEntraForm form) => _entra.Accepts(bearer, form);

    internal (AzureSpeechToken? Token, bool IsActive) Find(string accessToken)
    {
        lock (_gate)
        {
            return _issued.Find(accessToken) is { } token
                ? (token, token.IsActive(_options.TimeProvider.GetUtcNow()))
                : (null, false);
        }
    }

    private string Issue(HttpContext context)
    {
        var scope = context.Request.Query["scope"] is [{ Length: > 0 } asked] ? asked : "speechservices";
        var now = _options.TimeProvider.GetUtcNow();
        var expiresAt = now + _options.AzureSpeech.TokenLifetime;
        var jwt = AzureSpeechJwt.Create(_options.AzureSpeech, scope, expiresAt);
        lock (_gate)
            _issued.Add(jwt, new(scope, now, expiresAt));
        return jwt;
    }
}
