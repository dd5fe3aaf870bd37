namespace TokenAuth;

/// <summary>
/// Runs a provider's renewals, one at a time. With a store: read it, since another process may have renewed; wait for the lease and read again; ask
/// the vendor; write; and only then hand the token out. The back-off holds back the call of the vendor, and not the read of the store.
/// </summary>
internal sealed class GrantRenewer(
    GrantSource source,
    GrantMemory memory,
    BackOff backOff,
    GrantStore? store,
    CachedTokenOptions options,
    TimeProvider time
)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan _pauseAfterRepeat = TimeSpan.FromSeconds(1);

    private EngineFailure Failure => new(source.ProviderName); // words a failure; made for each, since most tenants never fail

    /// <summary>Runs one renewal, and throws nothing: a failure is an outcome.</summary>
    public async Task<RenewalOutcome> RenewAsync(Renewal renewal, CancellationToken ended)
    {
        using var limit = time.CreateCancellationTokenSource(_limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended);
        try
        {
            return store is null
                ? await AskVendorAsync(renewal, hasRead: false, lease: null, renewal.IsSparing, either.Token)
                    .ConfigureAwait(false)
                : await RunSharedAsync(renewal, store, either.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // a renewal that does not complete would keep everybody waiting for ever
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var isTooLong = limit.IsCancellationRequested && !ended.IsCancellationRequested;

            return new RenewalOutcome.Failed(isTooLong ? Failure.TooLong(_limit, exception) : Failure.Of(exception));
        }
    }

    private async Task<RenewalOutcome> RunSharedAsync(Renewal renewal, GrantStore store, CancellationToken end)
    {
        var answer = new StoredAnswer(renewal, memory, time);
        var (hasRead, record) = await store.ReadAsync(end).ConfigureAwait(false);
        if (hasRead && answer.Take(record) is { } stored)
            return Adopt(stored);

        if (backOff.HeldBackBy is { } cause)
            return new RenewalOutcome.HeldBack(cause);

        if (!hasRead && renewal.Known is not null)
        {
            // A grant that renews costs nothing. A refusal of it means that another process may have renewed with it, and stored the next one.
            var outcome = await AskVendorAsync(renewal, hasRead, lease: null, isSparing: true, end)
                .ConfigureAwait(false);
            if (outcome is not RenewalOutcome.Withheld || renewal.IsSparing)
                return outcome;

            (hasRead, record) = await store.ReadAsync(end).ConfigureAwait(false);
            if (hasRead && answer.Take(record) is { } renewed)
                return Adopt(renewed);
        }

        // From here the vendor's response may cost a refresh token: a store that was only slow gets a second chance.
        return await new LeaseWait(store, answer, time).RunAsync(hasRead, end).ConfigureAwait(false) switch
        {
            LeaseAttempt.Taken taken => await RunLeasedAsync(renewal, store, answer, taken.Lease, end)
                .ConfigureAwait(false),
            LeaseAttempt.Overtaken overtaken => Adopt(overtaken.Stored),
            LeaseAttempt.Busy => new RenewalOutcome.Failed(Failure.LeaseBusy()),
            _ => await AskVendorAsync(renewal, hasRead, lease: null, renewal.IsSparing, end).ConfigureAwait(false),
        };
    }

    private async Task<RenewalOutcome> RunLeasedAsync(
        Renewal renewal,
        GrantStore store,
        StoredAnswer answer,
        ITokenLease lease,
        CancellationToken end
    )
    {
        try
        {
            return answer.Take(lease.Record) is { } stored
                ? Adopt(stored)
                : await AskVendorAsync(renewal, hasRead: true, lease, renewal.IsSparing, end).ConfigureAwait(false);
        }
        finally
        {
            await store.ReleaseAsync(lease).ConfigureAwait(false);
        }
    }

    /// <param name="hasRead">Whether the store has said in this renewal what it has.</param>
    /// <param name="lease">The right to write; null without a store, or when the store fails.</param>
    /// <param name="isSparing">Whether no grant may be asked for that costs something.</param>
    private async Task<RenewalOutcome> AskVendorAsync(
        Renewal renewal,
        bool hasRead,
        ITokenLease? lease,
        bool isSparing,
        CancellationToken end
    )
    {
        // A probe did not ask before, and without a store the pause may have begun since the caller asked.
        if (backOff.HeldBackBy is { } cause)
            return new RenewalOutcome.HeldBack(cause);

        var previous = memory.BestToRenew(renewal.Known, hasRead);
        var isPastCache = memory.MustAskPastCache;
        var requestedAt = time.GetUtcNow();
        var requestedTimestamp = time.GetTimestamp();

        TokenGrant grant;
        try
        {
            grant = await source.AcquireAsync(previous?.Grant, isPastCache, isSparing, end).ConfigureAwait(false);
        }
        catch (TokenAcquisitionException exception) when (exception.IsWithheld)
        {
            return new RenewalOutcome.Withheld(Failure.Of(exception));
        }
        catch (Exception exception) when (!end.IsCancellationRequested)
        {
            return FailedAtVendor(Failure.Of(exception));
        }

        var held = memory.Reader.Obtained(grant, requestedAt, requestedTimestamp);
        var verdict = memory.Judge(held, previous, renewal.Known, isPastCache);
        if (store is not null)
            await SaveAsync(store, new TokenRecord(grant, requestedAt) { SecretDigest = options.SecretDigest }, lease)
                .ConfigureAwait(false);

        return OutcomeOf(held, verdict);
    }

    // The store gets the new grant before any caller does. The provider's end does not stop the write: the vendor has spent the old grant.
    private async Task SaveAsync(GrantStore store, TokenRecord record, ITokenLease? lease)
    {
        memory.KeepUntilSaved(record);
        if (lease is not null && await store.WriteAsync(lease, record, CancellationToken.None).ConfigureAwait(false))
            memory.Saved(record);
    }

    private RenewalOutcome OutcomeOf(HeldToken held, Verdict verdict)
    {
        if (verdict == Verdict.Good)
            backOff.Succeeded(); // a token that comes back is no success: the pauses grow

        return verdict switch
        {
            Verdict.Good or Verdict.GoodAgain => new RenewalOutcome.Renewed(held),
            Verdict.Expired => FailedAtVendor(Failure.TokenExpired()),
            Verdict.RefusedForNow => FailedAtVendor(Failure.TokenRefused(_pauseAfterRepeat)),
            _ => FailedAtVendor(Failure.TokenRefused()),
        };
    }

    private RenewalOutcome.Renewed Adopt(HeldToken stored)
    {
        backOff.Succeeded();

        return new RenewalOutcome.Renewed(stored, IsFromStore: true);
    }

    // The next call of the vendor has to wait.
    private RenewalOutcome.Failed FailedAtVendor(RenewalFailure failure)
    {
        backOff.Failed(failure);

        return new RenewalOutcome.Failed(failure);
    }
}
