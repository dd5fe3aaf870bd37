namespace TokenAuth.Soak;

/// <summary>A time in which nothing usable exists: every token is revoked and the token service is down.</summary>
internal sealed class Drought(IReadOnlyList<TokenLine> lines, TimeSpan start)
{
    // The contract: one back-off step of 30 s at most after the endpoint is back, and the failing series that is under way then.
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(35);

    private TimeSpan? _end; // the tally's gate guards it

    /// <summary>The token service is back.</summary>
    public void End(TimeSpan at) => _end = at;

    public bool Covers(TokenLine line, TimeSpan from, TimeSpan to) =>
        lines.Contains(line) && start <= to && (_end is not { } end || from <= end + s_recovery);
}
