namespace TokenAuth;

/// <summary>
/// Something that fails now and then: since when, with what, and whether the log has said so. Its beginning is to be said once, and its end.
/// </summary>
internal sealed class Outage(TimeProvider time)
{
    private Spell? _spell; // replaced as a whole by whoever fails or succeeds, read by anybody

    /// <summary>Null while it works.</summary>
    public OutageReport? Current => Volatile.Read(ref _spell)?.Report;

    /// <summary>Notes a failure. True for the first failure since the last success that the log should report.</summary>
    /// <param name="cause">In words that show no secret.</param>
    /// <param name="isToBeSaid">False when somebody has been told of this failure anyway.</param>
    /// <param name="weight">Only a success of this weight or more ends the outage.</param>
    public bool Fails(string cause, bool isToBeSaid = true, int weight = 0)
    {
        while (true)
        {
            var before = Volatile.Read(ref _spell);
            var after = new Spell(
                new OutageReport(before?.Report.Since ?? time.GetUtcNow(), cause),
                isToBeSaid || before is { IsSaid: true },
                Math.Max(weight, before?.Weight ?? 0)
            );
            if (ReferenceEquals(Interlocked.CompareExchange(ref _spell, after, before), before))
                return isToBeSaid && before is not { IsSaid: true };
        }
    }

    /// <summary>Notes a success. The outage that it ends; null when there is none or it goes on.</summary>
    public OutageReport? Succeeds(int weight = 0)
    {
        while (true)
        {
            var before = Volatile.Read(ref _spell);
            if (before is null || weight < before.Weight)
                return null;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _spell, null, before), before))
                return before.Report;
        }
    }

    private sealed record Spell(OutageReport Report, bool IsSaid, int Weight);
}
