namespace TokenAuth.Soak;

/// <summary>Holds what was measured against what is promised.</summary>
internal static class Verdict
{
    private const double TokenCallsAboveIdeal = 1.05;
    private const int RefreshTokensOfProject = 25;

    // A renewal has 40 s, and a caller waits for one; a few ticks of the fast clock for the requests around it.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(45);

    public static IEnumerable<Limit> Limits(Outcome outcome)
    {
        yield return Limit.AtMost("unexpected failures", outcome.Tally.Unexpected, 0);
        yield return Limit.AtMost(
            "longest wait of a caller, seconds of token time",
            outcome.Tally.LongestWait.TotalSeconds,
            s_longestWait.TotalSeconds
        );
        // What met a fault earns no allowance: an outage of minutes must not hide what is too much.
        yield return Limit.AtMost(
            "token calls",
            outcome.Calls,
            Math.Floor(outcome.Explained * TokenCallsAboveIdeal) + outcome.RightlyFailed
        );
        yield return Limit.AtMost(
            "refresh tokens spent",
            outcome.Ledger.RefreshTokensMinted,
            Math.Min(outcome.ExpectedRefreshTokens, RefreshTokensOfProject)
        );

        // A collection leaves what the moment needs, and the emulator remembers every token it issued, some 2 KB each.
        yield return Limit.Flat("managed heap, MB,", outcome.Samples.Quarters(s => s.HeapMegabytes), 0.05, 2);
        // The collector gives pages back when it likes.
        yield return Limit.Flat("working set, MB,", outcome.Samples.Quarters(s => s.WorkingSetMegabytes), 0.10, 16);
        // The factory replaces its handlers, and their connections, every two minutes; the database's come and go with its faults.
        yield return Limit.Flat("handles", outcome.Samples.Quarters(s => s.Handles), 0.10, 20);
        yield return Limit.Flat("threads", outcome.Samples.Quarters(s => s.Threads), 0, 4);

        // That nothing is met because nothing happened.
        yield return Limit.AtLeast("requests a second", outcome.Tally.Requests / outcome.Ran.TotalSeconds, 100);
        yield return Limit.AtLeast("episodes a minute", outcome.Episodes / outcome.Ran.TotalMinutes, 3);
        yield return Limit.AtLeast(
            "token hours a minute",
            outcome.TokenTime.TotalHours / outcome.Ran.TotalMinutes,
            0.3
        );
        yield return Limit.AtMost("callers left behind", outcome.CallersLeft, 0);
        yield return Limit.AtMost("objects left with an old token", outcome.OldCopies, 0);
        yield return new Limit(
            "the clock",
            outcome.ClockFault?.GetType().Name ?? "no fault",
            outcome.ClockFault is null
        );
    }
}
