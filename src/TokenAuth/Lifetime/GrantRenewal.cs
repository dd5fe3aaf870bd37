using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// One renewal from end to end. With a store: read (another process may have renewed), take the lease, look at the record again,
/// ask the vendor, write, and only then hand the token out.
/// </summary>
internal sealed partial class GrantRenewal(
    ITokenSource source,
    CachedTokenOptions options,
    string providerName,
    GrantStore? store,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan _vendorLimit = TimeSpan.FromSeconds(15);

    private readonly GrantReader _reader = new(options, time);
    private readonly TokenMemory _replaced = new(100);

    private TokenRecord? _seen; // used by the one flight: what the store had when it last answered
    private TokenRecord? _unsaved; // written by the one flight, cleared by whoever stored it
    private TokenRecord? _overtaken; // the unsaved one after which the one flight took another process' grant out of the store

    /// <summary>The newest grant this process obtained and could not store; null when there is none.</summary>
    public TokenRecord? Unsaved => Volatile.Read(ref _unsaved);

    /// <summary>
    /// Whether this process has had the token, or renewed with what came with it, and been given one since, be it the same. Where a store still
    /// has it, after a write that failed, its time alone would not tell: the wall clock may have been set back in between.
    /// </summary>
    public bool WasReplaced(AccessToken token) => _replaced.Contains(token);

    /// <param name="known">The newest grant in memory, whose refresh token may renew it.</param>
    /// <param name="adopt">Says whether a stored token is worth more than the one in memory.</param>
    /// <param name="restore">Takes a stored token that is good only until a renewal succeeds.</param>
    public async Task<HeldToken> RunAsync(
        TokenRecord? known,
        Func<HeldToken, bool> adopt,
        Action<HeldToken> restore,
        CancellationToken cancellationToken
    )
    {
        if (store is null)
            return (await AcquireAsync(known, known, cancellationToken).ConfigureAwait(false)).Held;

        var (works, record) = await store.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (works)
            _seen = record;
        if (Adopted(record, adopt, restore) is { } stored)
            return stored;

        // With nothing in memory the vendor's answer may cost a refresh token: a store that was only slow gets a second chance.
        var lease =
            works || known is null
                ? await store.AcquireLeaseAsync(works, cancellationToken).ConfigureAwait(false)
                : null;
        if (lease is null)
        {
            var unshared = await AcquireAsync(Newest(record ?? SeenAfter(known), known), known, cancellationToken)
                .ConfigureAwait(false);
            _unsaved = unshared.Record;

            return unshared.Held;
        }

        try
        {
            _seen = lease.Record;
            if (Adopted(lease.Record, adopt, restore) is { } renewed)
                return renewed;

            var (held, acquired) = await AcquireAsync(Newest(lease.Record, known), known, cancellationToken)
                .ConfigureAwait(false);

            // New stored before use. The provider's end does not matter here: the vendor has spent the grant.
            var saved = await store.WriteAsync(lease, acquired, CancellationToken.None).ConfigureAwait(false);
            _unsaved = saved ? null : acquired;

            return held;
        }
        finally
        {
            await store.ReleaseAsync(lease).ConfigureAwait(false);
        }
    }

    /// <summary>Takes what another process has stored, and asks nobody else; null when that is worth no more.</summary>
    public async Task<HeldToken?> LookAsync(
        Func<HeldToken, bool> adopt,
        Action<HeldToken> restore,
        CancellationToken cancellationToken
    )
    {
        var (works, record) = await store!.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (works)
            _seen = record;

        return Adopted(record, adopt, restore);
    }

    /// <summary>Tries again to store a grant that could not be stored; true when nothing is left to store.</summary>
    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        if (store is null || Unsaved is null)
            return true;

        var lease = await store.AcquireLeaseAsync(works: false, cancellationToken).ConfigureAwait(false);
        if (lease is null)
            return false;

        try
        {
            if (Unsaved is not { } unsaved)
                return true; // a flight stored a newer one while the lease was waited for

            // What another process obtained later is written back: that shows whether the store's trouble is over.
            var newest =
                lease.Record is { } other
                && (other.RequestedAt > unsaved.RequestedAt || ReferenceEquals(unsaved, Volatile.Read(ref _overtaken)))
                && !WasReplaced(other.Grant.AccessToken)
                    ? other
                    : unsaved;
            if (!await store.WriteAsync(lease, newest, cancellationToken).ConfigureAwait(false))
                return false;

            Interlocked.CompareExchange(ref _unsaved, null, unsaved);

            return Unsaved is null;
        }
        finally
        {
            await store.ReleaseAsync(lease).ConfigureAwait(false);
        }
    }

    private async Task<(HeldToken Held, TokenRecord Record)> AcquireAsync(
        TokenRecord? previous,
        TokenRecord? known,
        CancellationToken cancellationToken
    )
    {
        var requestedAt = time.GetUtcNow();
        var requestedTimestamp = time.GetTimestamp();

        var grant = await AskAsync(previous, requestedTimestamp, cancellationToken).ConfigureAwait(false);
        if (previous is not null)
            _replaced.Add(previous.Grant.AccessToken);
        if (known is not null)
            _replaced.Add(known.Grant.AccessToken);
        var held = _reader.Obtained(grant, requestedAt, requestedTimestamp);
        Watchers.Tell(() => LogObtained(logger, providerName, grant.AccessToken.ExpiresAt));

        return (held, new TokenRecord(grant, requestedAt) { SecretDigest = options.SecretDigest });
    }

    private async Task<TokenGrant> AskAsync(
        TokenRecord? previous,
        long requestedTimestamp,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var grant =
                await TimeLimit
                    .RunAsync(
                        ct => source.AcquireAsync(previous?.Grant, ct),
                        "The token endpoint's answer",
                        _vendorLimit,
                        time,
                        cancellationToken
                    )
                    .ConfigureAwait(false)
                ?? throw new TokenAcquisitionException($"The source of provider '{providerName}' returned no grant.");
            Measure(grant.GrantType, errorType: null);

            return grant;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Measure((exception as TokenAcquisitionException)?.GrantType, ErrorKind.Of(exception));
            throw;
        }

        void Measure(string? grantType, string? errorType) =>
            Watchers.Tell(() =>
                TokenMeter.Acquired(providerName, grantType, errorType, time.GetElapsedTime(requestedTimestamp))
            );
    }

    private HeldToken? Adopted(TokenRecord? record, Func<HeldToken, bool> adopt, Action<HeldToken> restore)
    {
        if (_reader.Stored(record) is not { } stored)
            return null;
        if (adopt(stored))
        {
            Volatile.Write(ref _overtaken, Unsaved);

            return stored;
        }

        restore(stored);

        return null;
    }

    // Where the store cannot say now, what it said before a renewal that failed: nothing has renewed that since, as far as we know. What we
    // have renewed ourselves is not newer than what came of it, whatever the wall clock said.
    private TokenRecord? SeenAfter(TokenRecord? known) =>
        known is null || (_seen?.RequestedAt > known.RequestedAt && !WasReplaced(_seen.Grant.AccessToken))
            ? _seen
            : null;

    // What this process could not store is newer than what the store has; otherwise the store knows what the others did. A store that
    // went back in time (a failover, a restored backup) does not: then the other refresh token is the second try.
    private TokenRecord? Newest(TokenRecord? stored, TokenRecord? known)
    {
        if (stored is null)
            return known;
        if (known is null)
            return stored;

        var (first, second) =
            Unsaved is not null && (known.RequestedAt > stored.RequestedAt || WasReplaced(stored.Grant.AccessToken))
                ? (known, stored)
                : (stored, known);
        if (string.Equals(first.Grant.RefreshToken, second.Grant.RefreshToken, StringComparison.Ordinal))
            return first;

        return new TokenRecord(
            new TokenGrant(first.Grant.AccessToken)
            {
                RefreshToken = first.Grant.RefreshToken,
                OtherRefreshToken = second.Grant.RefreshToken,
                Scopes = first.Grant.Scopes,
            },
            first.RequestedAt
        );
    }

    [LoggerMessage(1, LogLevel.Debug, "Provider '{Provider}' obtained a token that expires at {ExpiresAt:O}.")]
    private static partial void LogObtained(ILogger logger, string provider, DateTimeOffset? expiresAt);
}
