namespace TokenAuth.Tool;

/// <summary>The state of the token that a new process would start with. Reading it makes no call to the vendor.</summary>
internal sealed record ShownToken(string State, string Sentence)
{
    public DateTimeOffset? ExpiresAt { get; private init; }

    public DateTimeOffset? RequestedAt { get; private init; }

    public string? Fingerprint { get; private init; }

    public string? RefreshTokenFingerprint { get; private init; }

    public static async Task<ShownToken> OfAsync(
        ProviderScope scope,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (scope.Provider is not { } provider)
            return new("wrong-settings", "A setting is wrong; see below.");
        if (scope.Engine is not { } engine)
            return await OfFixedAsync(provider, cancellationToken).ConfigureAwait(false);
        if (!engine.HasStore)
            return new("not-stored", "No store keeps its tokens: each process fetches its own.");

        var stored = await engine.ReadStoredAsync(cancellationToken).ConfigureAwait(false);

        return stored switch
        {
            { HasRead: false } => new("store-fails", $"The store cannot be read. {engine.Snapshot().Store?.Cause}"),
            { Record: null } => new("none", "The store has no token for this client yet."),
            { Record: var record } => OfRecord(record, stored.State, now),
        };
    }

    // A static token, or a key: its provider fetches nothing.
    private static async Task<ShownToken> OfFixedAsync(ITokenProvider provider, CancellationToken cancellationToken)
    {
        var token = await provider.GetTokenAsync(cancellationToken).ConfigureAwait(false);

        return new("fixed", "The token is in the settings; its expiry is not known.")
        {
            ExpiresAt = token.ExpiresAt,
            Fingerprint = Tool.Fingerprint.Describe(token.Value),
        };
    }

    private static ShownToken OfRecord(TokenRecord record, TokenState? state, DateTimeOffset now)
    {
        var grant = record.Grant;
        var (name, sentence) = state switch
        {
            TokenState.Due => ("due", "The next call renews it, or still uses it if the renewal fails."),
            not null => ("usable", "The next call uses it."),
            _ when grant.AccessToken.ExpiresAt <= now => ("expired", "The next call renews it."),
            _ => (
                "not-usable",
                "It was fetched with another secret, or by a machine whose clock is ahead: the next call renews it."
            ),
        };

        return new(name, sentence)
        {
            ExpiresAt = grant.AccessToken.ExpiresAt,
            RequestedAt = record.RequestedAt,
            Fingerprint = Tool.Fingerprint.Describe(grant.AccessToken.Value),
            RefreshTokenFingerprint = grant.RefreshToken is { } refreshToken
                ? Tool.Fingerprint.Describe(refreshToken)
                : null,
        };
    }
}
