namespace TokenAuth.Soak;

/// <summary>What the callers got. A failure is expected only where no usable token can exist, and then in words made for it.</summary>
internal sealed class Tally(SoakClock clock)
{
    private const int Shown = 10;

    private readonly Lock _gate = new();
    private readonly List<Drought> _droughts = []; // guarded by _gate
    private readonly List<string> _unexpected = []; // guarded by _gate
    private long _longest; // through Interlocked
    private int _requests;
    private int _unsent;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Requests for which no token could be had.</summary>
    public int Unsent => Volatile.Read(ref _unsent);

    public int Unexpected { get; private set; } // written under _gate

    public int Expected { get; private set; } // written under _gate

    public TimeSpan LongestWait => TimeSpan.FromTicks(Volatile.Read(ref _longest));

    public IReadOnlyList<string> FirstUnexpected
    {
        get
        {
            lock (_gate)
                return [.. _unexpected];
        }
    }

    /// <summary>From now on no token of these lines is usable and none can be had.</summary>
    public Drought Dry(IReadOnlyList<TokenLine> lines)
    {
        var drought = new Drought(lines, clock.Awake);
        lock (_gate)
            _droughts.Add(drought);

        return drought;
    }

    /// <summary>The token service is back.</summary>
    public void End(Drought drought)
    {
        lock (_gate)
            drought.End(clock.Awake);
    }

    public void Started() => Interlocked.Increment(ref _requests);

    public void NotSent() => Interlocked.Increment(ref _unsent);

    public void Finished(TimeSpan took)
    {
        for (var longest = _longest; took.Ticks > longest; longest = Volatile.Read(ref _longest))
            Interlocked.CompareExchange(ref _longest, took.Ticks, longest);
    }

    /// <param name="isTyped">
    /// Whether it is the transient <see cref="TokenAcquisitionException"/> of the line's own provider, or the service's own rejection.
    /// </param>
    public void Failed(ApiCall api, TimeSpan start, string what, bool isTyped)
    {
        var now = clock.Awake;
        lock (_gate)
        {
            if (isTyped && _droughts.Exists(drought => drought.Covers(api.Line, start, now)))
            {
                Expected++;
                return;
            }

            Add($"{api.Client}, after {now - start:mm\\:ss}: {what}");
        }
    }

    /// <summary>An episode could not be played.</summary>
    public void Broke(string what)
    {
        lock (_gate)
            Add(what);
    }

    // Called under _gate.
    private void Add(string failure)
    {
        Unexpected++;
        if (_unexpected.Count < Shown)
            _unexpected.Add($"{clock.Elapsed:d\\.hh\\:mm\\:ss} {failure}");
    }
}
