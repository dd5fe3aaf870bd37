namespace TokenAuth;

/// <summary>
/// Holds one provider's grants and its running renewal. It has the engine's only lock and does no I/O: facts come in as arguments, and
/// each method says with its result what is to be done.
/// </summary>
/// <param name="mayRepeat">Whether its source answers from a cache of its own, which may bring a refused token again.</param>
internal sealed partial class GrantMemory(CachedTokenOptions options, TimeProvider time, bool mayRepeat = false)
{
    private static readonly TimeSpan _pauseBetweenReads = TimeSpan.FromSeconds(1);

#if NET9_0_OR_GREATER
    private readonly Lock _gate = new();
#else
    private readonly object _gate = new();
#endif
    private readonly RejectionBudget _rejections = new(time); // guarded by _gate
    private readonly RecentTokens _replaced = new(100); // guarded by _gate
    private readonly Outage _failing = new(time);

    private GrantState _state = GrantState.Nothing.Instance; // written under _gate, read by anybody
    private Renewal? _renewal; // written under _gate, read by anybody
    private TokenRecord? _seen; // guarded by _gate: the store's record when it was last read; null where it is of a former credential
    private bool _hasSeenRecord; // guarded by _gate: whether the store had any then
    private PendingSave? _pending; // guarded by _gate
    private long _readsFrom = long.MinValue; // guarded by _gate: during the vendor's pause, the timestamp of the next read of the store

    /// <summary>Reads grants by the same options.</summary>
    public GrantReader Reader { get; } = new(options, time);

    /// <summary>The token in use; null when there is none. Without the lock: each call of a caller comes here.</summary>
    public HeldToken? Serving => Volatile.Read(ref _state).Serving;

    /// <summary>The token in use unless it has expired.</summary>
    public AccessToken? Usable => Serving is { } held && held.State(time) != TokenState.Expired ? held.Token : null;

    public bool HasEnded => Volatile.Read(ref _state) is GrantState.Ended;

    public bool IsRenewing => Volatile.Read(ref _renewal) is not null;

    /// <summary>The outage of the renewals: since when and why they have been failing; null while they do not.</summary>
    public OutageReport? Failing => _failing.Current;

    /// <summary>
    /// True when the source is to be asked past its own cache: a service refused the last token, and the source has not been asked so since.
    /// </summary>
    public bool MustAskPastCache
    {
        get
        {
            lock (_gate)
                return _state is GrantState.Lost { WasRefused: true, MayReturn: false };
        }
    }

    /// <summary>Takes the outcome of the running renewal, which ends with it. False when the provider ended meanwhile.</summary>
    /// <param name="isToBeLogged">Whether callers go on with the old token and nobody has been told of the failure.</param>
    public bool Complete(Renewal renewal, RenewalOutcome outcome, out bool isToBeLogged)
    {
        isToBeLogged = false;
        lock (_gate)
        {
            if (!ReferenceEquals(_renewal, renewal))
                return false;

            _renewal = null;
            if (outcome is RenewalOutcome.Renewed { Held: var held })
            {
                Volatile.Write(ref _state, StateOf_NeedsLock(held, renewal));
                _failing.Succeeds();
            }
            else if (outcome is RenewalOutcome.Failed { Failure: var failure })
                isToBeLogged = _failing.Fails(failure.Message, isToBeSaid: StillServes_NeedsLock(failure));
            else if (outcome is RenewalOutcome.HeldBack)
                _readsFrom = time.GetTimestamp() + (long)(_pauseBetweenReads.TotalSeconds * time.TimestampFrequency);

            return true;
        }
    }

    /// <summary>A service refused this token: it is not handed out again, unless that happens too often.</summary>
    public Rejection Reject(AccessToken rejected)
    {
        lock (_gate)
        {
            if (_state.Serving?.Token is not { } token || !IsSame(token, rejected))
                return Rejection.OfAnother;

            var rejection = _rejections.Spend(rejected);
            if (rejection == Rejection.Accepted)
                Volatile.Write(ref _state, new GrantState.Lost(_state.Known, WasRefused: true));

            return rejection;
        }
    }

    /// <summary>Ends it all. False when it had ended already.</summary>
    /// <param name="underWay">The renewal whose callers are to be told; null when none runs.</param>
    public bool End(out Renewal? underWay)
    {
        lock (_gate)
        {
            underWay = _renewal;
            if (_state is GrantState.Ended)
                return false;

            Volatile.Write(ref _state, new GrantState.Ended());
            Volatile.Write(ref _renewal, null);
            _failing.Succeeds();

            return true;
        }
    }

    private static TokenRecord RecordOf(HeldToken held) => new(held.Grant, held.RequestedAt);

    private static bool IsSame(AccessToken a, AccessToken b) =>
        string.Equals(a.Value, b.Value, StringComparison.Ordinal);

    // The renewal has brought the token that was in use, and a service refused it after the renewal had judged it: the store may be slow.
    private bool IsRefusedSince_NeedsLock(HeldToken held) =>
        _state is GrantState.Lost { WasRefused: true, MayReturn: false } && _rejections.WasRejected(held.Token);

    private GrantState StateOf_NeedsLock(HeldToken held, Renewal renewal)
    {
        if (IsRefusedSince_NeedsLock(held))
            return new GrantState.Lost(RecordOf(held), WasRefused: true);

        var unmet = held.RemainingLife(time) < renewal.Minimum ? renewal.Minimum : (TimeSpan?)null;

        return new GrantState.Obtained(held, RecordOf(held), unmet);
    }

    // Callers get the old token and are told nothing.
    private bool StillServes_NeedsLock(RenewalFailure failure) =>
        _state.Serving?.State(time) switch
        {
            null or TokenState.Expired => false,
            TokenState.Due => failure.IsTransient,
            _ => true,
        };
}
