namespace TokenAuth;

/// <content>Chooses between grants: the one to hand out, and the one to renew with.</content>
internal sealed partial class GrantMemory
{
    /// <summary>
    /// Notes the store's record, and returns its token if it was requested later than ours and is not due yet. If this process has no
    /// grant, any other one that has not expired serves until a renewal succeeds.
    /// </summary>
    public HeldToken? TakeStored(TokenRecord? record)
    {
        var stored = Reader.Stored(record);
        lock (_gate)
        {
            _hasSeenRecord = record is not null;
            _seen = IsOfFormerCredential(record) ? null : record;
            if (stored is null || _rejections.WasRejected(stored.Token))
                return null;

            if (IsWorthMore_NeedsLock(stored))
            {
                _pending = _pending is { } pending ? pending with { IsOvertaken = true } : null;

                return stored;
            }

            if (_state is GrantState.Nothing or GrantState.Lost { Known: null })
                Volatile.Write(ref _state, new GrantState.Restored(stored));

            return null;
        }
    }

    /// <summary>Hands out a grant of the store from now on, although the renewal goes on.</summary>
    public void Serve(HeldToken stored)
    {
        lock (_gate)
            if (_state is not GrantState.Ended && !IsRefusedSince_NeedsLock(stored))
                Volatile.Write(ref _state, new GrantState.Obtained(stored, RecordOf(stored), Unmet: null));
    }

    /// <summary>
    /// Chooses the grant to renew with: the store's or ours, with the other's refresh token as the second try; null when there is none.
    /// </summary>
    /// <param name="known">Our newest grant when the renewal began.</param>
    /// <param name="hasRead">Whether the store has said in this renewal what it has.</param>
    public TokenRecord? BestToRenew(TokenRecord? known, bool hasRead)
    {
        lock (_gate)
        {
            var stored = hasRead || IsSeenNewer_NeedsLock(known) ? _seen : null;

            return stored is null ? known
                : known is null ? stored
                : IsOursNewer_NeedsLock(known, stored) ? Joined(known, stored)
                : Joined(stored, known);
        }
    }

    /// <summary>
    /// Judges a grant of the vendor, and notes which grants it replaces. Keeps its refresh token if its access token is of no use; a good token is
    /// kept when the renewal completes.
    /// </summary>
    /// <param name="previous">The grant that was renewed.</param>
    /// <param name="known">Our newest grant when the renewal began.</param>
    /// <param name="wasPastCache">Whether the source was asked past its cache.</param>
    public Verdict Judge(HeldToken held, TokenRecord? previous, TokenRecord? known, bool wasPastCache)
    {
        lock (_gate)
        {
            if (previous is not null)
                _replaced.Add(previous.Grant.AccessToken);
            if (known is not null)
                _replaced.Add(known.Grant.AccessToken);

            var verdict = Verdict_NeedsLock(held, wasPastCache);
            if (verdict is not (Verdict.Good or Verdict.GoodAgain))
                Volatile.Write(ref _state, WithKnown_NeedsLock(RecordOf(held), verdict == Verdict.RefusedForNow));

            return verdict;
        }
    }

    // Both refresh tokens may be good: a store that went back in time (a failover, a restored backup) does not know the newer one.
    private static TokenRecord Joined(TokenRecord first, TokenRecord second) =>
        string.Equals(first.Grant.RefreshToken, second.Grant.RefreshToken, StringComparison.Ordinal)
            ? first
            : new TokenRecord(
                new TokenGrant(first.Grant.AccessToken)
                {
                    RefreshToken = first.Grant.RefreshToken,
                    OtherRefreshToken = second.Grant.RefreshToken,
                    Scopes = first.Grant.Scopes,
                },
                first.RequestedAt
            );

    // A tenant's key does not name its client. The refresh token of a former client must not be sent with the new secret.
    private bool IsOfFormerCredential(TokenRecord? record) =>
        options.Tenant is not null
        && !string.Equals(record?.SecretDigest, options.SecretDigest, StringComparison.Ordinal);

    // By the moments of the requests, not by the ages: after a wall clock was set back, a token that we know to be old would look young again.
    private bool IsWorthMore_NeedsLock(HeldToken stored)
    {
        var ours = _state.Known?.RequestedAt ?? _state.Serving?.RequestedAt;

        return (ours is null || stored.RequestedAt > ours)
            && !_replaced.Contains(stored.Token)
            && stored.State(time) <= TokenState.Stale;
    }

    // The store cannot be read now. Its last known grant still counts as unused, unless we renewed with it ourselves: ours is newer then, although a
    // wall clock that was set back says otherwise.
    private bool IsSeenNewer_NeedsLock(TokenRecord? known) =>
        known is null || (_seen?.RequestedAt > known.RequestedAt && !_replaced.Contains(_seen.Grant.AccessToken));

    // Prefer our unsaved grant. Otherwise prefer the store, which has seen the other processes' renewals.
    private bool IsOursNewer_NeedsLock(TokenRecord known, TokenRecord stored) =>
        _pending is not null
        && (known.RequestedAt > stored.RequestedAt || _replaced.Contains(stored.Grant.AccessToken));

    private Verdict Verdict_NeedsLock(HeldToken held, bool wasPastCache)
    {
        var wasRejected = _rejections.WasRejected(held.Token);
        if (wasRejected && !mayRepeat)
            return Verdict.Refused;
        if (held.State(time) == TokenState.Expired)
            return Verdict.Expired;
        if (!wasRejected)
            return Verdict.Good;

        var isInUse = _state.Serving is { } serving && IsSame(serving.Token, held.Token);

        return isInUse || _state is GrantState.Lost { MayReturn: true } ? Verdict.GoodAgain
            : wasPastCache ? Verdict.RefusedForNow
            : Verdict.Refused;
    }

    private GrantState WithKnown_NeedsLock(TokenRecord known, bool mayReturn) =>
        _state switch
        {
            GrantState.Obtained obtained => new GrantState.Obtained(obtained.Serving!, known, obtained.Unmet),
            GrantState.Restored restored => new GrantState.Obtained(restored.Serving!, known, Unmet: null),
            GrantState.Lost lost => new GrantState.Lost(known, lost.WasRefused, mayReturn || lost.MayReturn),
            GrantState.Nothing => new GrantState.Lost(known, WasRefused: false),
            _ => _state,
        };
}
