namespace TokenAuth.Soak;

/// <summary>
/// Explains the calls of one line that reached the vendor: one a token life, and those that an event paid for beforehand. Whatever
/// is left has no reason.
/// </summary>
internal sealed class CallAccount(TokenLine line, SoakClock clock)
{
    // A token's age counts from the first attempt of the exchange that brought it, which may last 15 s.
    private static readonly TimeSpan s_exchange = TimeSpan.FromSeconds(16);

    private readonly Lock _gate = new();
    private readonly List<Credit> _credits = []; // guarded by _gate
    private readonly List<Credit> _refusals = []; // guarded by _gate
    private TimeSpan? _newest; // guarded by _gate

    public TokenLine Line => line;

    public int Explained { get; private set; } // written under _gate

    public int Unexplained { get; private set; } // written under _gate

    /// <summary>The newest token's age, for faults that want to meet its renewal.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (_gate)
                return _newest is { } newest ? clock.Elapsed - newest : TimeSpan.Zero;
        }
    }

    /// <summary>Something happened that may cost calls before the newest token is old; unused ones are worth nothing a token life later.</summary>
    public void Allow(int calls, TimeSpan lasting = default)
    {
        lock (_gate)
            _credits.Add(new(calls, clock.Elapsed + lasting + line.Reuse));
    }

    /// <summary>The vendor will refuse calls.</summary>
    public void AllowRefusals(int calls)
    {
        lock (_gate)
            _refusals.Add(new(calls, clock.Elapsed + (2 * line.Reuse)));
    }

    public Call Arrive()
    {
        lock (_gate)
        {
            var now = clock.Elapsed;
            var credit =
                _newest is not { } newest || now - newest + s_exchange >= line.EarliestRenewal
                    ? Credit.OneLife
                    : Take(_credits, now);
            var call = new Call(_newest, now, credit);
            _newest = now;
            return call;
        }
    }

    /// <returns>Whether the call had a reason.</returns>
    public bool Answered(Call call, bool isGranted)
    {
        lock (_gate)
        {
            var credit = call.Credit;
            if (!isGranted)
            {
                // Nothing was renewed: what would have paid for a token still pays for the next attempt.
                if (_newest == call.At)
                    _newest = call.Before;
                if (credit is not null)
                    credit.Left++;
                credit = Take(_refusals, call.At);
            }

            if (credit is null)
                Unexplained++;
            else
                Explained++;
            return credit is not null;
        }
    }

    private static Credit? Take(List<Credit> credits, TimeSpan now)
    {
        credits.RemoveAll(credit => credit.Until < now || credit.Left == 0);
        if (credits.FirstOrDefault() is not { } first)
            return null;

        first.Left--;
        return first;
    }

    internal sealed record Call(TimeSpan? Before, TimeSpan At, Credit? Credit);

    internal sealed class Credit(int calls, TimeSpan until)
    {
        public static readonly Credit OneLife = new(0, TimeSpan.Zero);

        public int Left { get; set; } = calls;

        public TimeSpan Until => until;
    }
}
