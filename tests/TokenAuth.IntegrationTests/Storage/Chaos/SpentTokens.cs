namespace TokenAuth.Tests.Storage;

/// <summary>
/// Finds the fault that cost each refresh token of one store and rule. A process spends one when it knows no refresh token that is good: another
/// process has the good one and could not store it, the store has lost it, or the process could not look into the store.
/// </summary>
internal sealed class SpentTokens(
    string store,
    IReadOnlyList<VendorExchange> exchanges,
    IReadOnlyList<StoreStep> steps,
    IReadOnlyList<ChaosFault> faults
)
{
    private static readonly TimeSpan _renewal = TimeSpan.FromSeconds(40); // the longest that one may take
    private static readonly TimeSpan _write = TimeSpan.FromSeconds(3); // the longest that one may take, and a little
    private static readonly TimeSpan _recovery = TimeSpan.FromSeconds(5); // in which clients find a server again

    private readonly IReadOnlyList<VendorExchange> _exchanges = [.. exchanges.OrderBy(exchange => exchange.Answered)];

    /// <summary>All but the first, which the fleet needs to begin.</summary>
    public IReadOnlyList<SpentToken> Find() =>
        [.. _exchanges.Where(exchange => exchange.IsSpent).Skip(1).Select(Explain)];

    private SpentToken Explain(VendorExchange spent)
    {
        var refused = RefusedBefore(spent);
        var began = refused.Count > 0 ? refused[0].Asked : spent.Asked;
        var look = LookBefore(began, spent.Process);

        return BlindnessOf(spent, began, isFirst: refused.Count == 0)
            ?? LossBefore(spent, look, refused)
            ?? new SpentToken(spent, null, $"it had looked: {look}, and presented {refused.Count} refresh tokens");
    }

    /// <summary>What the process presented in the same renewal, in vain.</summary>
    private List<VendorExchange> RefusedBefore(VendorExchange spent) =>
        [
            .. _exchanges
                .Where(exchange => exchange.Process == spent.Process && exchange.Answered < spent.Answered)
                .Reverse()
                .TakeWhile(exchange => exchange.Granted is null && spent.Asked - exchange.Asked < _renewal)
                .Reverse(),
        ];

    private StoreStep? LookBefore(DateTimeOffset moment, int process) =>
        steps
            .Where(step => step.Process == process && step.IsLook && step.To <= moment && moment - step.From < _renewal)
            .MaxBy(step => step.To);

    private SpentToken? BlindnessOf(VendorExchange spent, DateTimeOffset began, bool isFirst)
    {
        var last = LookBefore(began, spent.Process);
        var abandoned = steps.FirstOrDefault(step =>
            step.Process == spent.Process && step.IsLook && step.From <= began && step.To > began
        );
        if ((abandoned ?? (last is { HasFailed: true } ? last : null)) is not { } failed)
            return null;

        var cause = CauseOf(failed, spent.Process);

        return cause is null ? null : new SpentToken(spent, cause, "so it could not look into the store", isFirst);
    }

    private SpentToken? LossBefore(VendorExchange spent, StoreStep? look, List<VendorExchange> refused)
    {
        if (NewestBefore(spent, refused) is not { } newest)
            return null;

        var written = steps
            .Where(step => step.Process == newest.Process && step.To >= newest.Answered - _recovery)
            .Where(step => step.IsWritten(DescendantsOf(newest)))
            .MinBy(step => step.To);
        if (written is not null && look is not null && look.To >= written.From)
        {
            var failover = faults.FirstOrDefault(fault =>
                fault.Kind == ChaosFaultKind.Failover
                && fault.Store == store
                && fault.From <= look.To
                && fault.To >= written.From
            );
            if (failover is not null)
                return new SpentToken(spent, failover, $"which lost what process {newest.Process} had written");
        }

        return written is not null && look is not null && look.From > written.To
            ? null // it was there to be found
            : DelayOf(spent, newest, look, written);
    }

    /// <summary>The renewal whose refresh token would have been good: of those presented, or of all, the one that was used last.</summary>
    private VendorExchange? NewestBefore(VendorExchange spent, List<VendorExchange> refused)
    {
        var presented = refused.Select(exchange => exchange.Presented).ToHashSet(StringComparer.Ordinal);

        return _exchanges.LastOrDefault(exchange =>
            exchange.Granted is not null
            && exchange.Answered < spent.Asked
            && (refused.Count == 0 || presented.Contains(exchange.Presented))
        );
    }

    private HashSet<string> DescendantsOf(VendorExchange exchange)
    {
        var descendants = new HashSet<string>(StringComparer.Ordinal) { exchange.Granted! };
        foreach (var later in _exchanges)
            if (later is { Presented: { } presented, Granted: { } granted } && descendants.Contains(presented))
                descendants.Add(granted);

        return descendants;
    }

    /// <summary>Why the newest grant was not in the store when the process looked, or why the process used what it had seen so late.</summary>
    private SpentToken? DelayOf(VendorExchange spent, VendorExchange newest, StoreStep? look, StoreStep? written)
    {
        var from = LookBefore(newest.Asked, newest.Process)?.From ?? newest.Asked;
        var stored = Earliest(written?.To, spent.Answered);
        var before = $"before process {newest.Process} had stored its grant";

        return Of(Holding(newest.Process, from, Earliest(stored, newest.Answered + _write)), before)
            ?? Of(Failing(newest.Process, from, stored), $"so process {newest.Process} could not store its grant")
            ?? Of(
                Holding(spent.Process, look?.From ?? spent.Asked, spent.Answered),
                "so it came late with what it had read"
            );

        SpentToken? Of(ChaosFault? cause, string reason) => cause is null ? null : new SpentToken(spent, cause, reason);
    }

    /// <summary>What happened to a process, or began at its server, between its look and its write.</summary>
    private ChaosFault? Holding(int process, DateTimeOffset from, DateTimeOffset to) =>
        faults.FirstOrDefault(fault => fault.Process == process && fault.From <= to && fault.To >= from)
        ?? faults.FirstOrDefault(fault => fault.Meets(process, store) && fault.From <= to && fault.From >= from);

    /// <summary>What made a step of a process fail.</summary>
    private ChaosFault? Failing(int process, DateTimeOffset from, DateTimeOffset to) =>
        steps
            .Where(step => step.Process == process && step.From >= from && step.From <= to && step.HasFailed)
            .Select(step => CauseOf(step, process))
            .FirstOrDefault(cause => cause is not null);

    private ChaosFault? CauseOf(StoreStep failed, int process) =>
        faults.FirstOrDefault(fault =>
            fault.Meets(process, store) && fault.From <= failed.To && fault.To + _recovery >= failed.From
        );

    private static DateTimeOffset Earliest(DateTimeOffset? one, DateTimeOffset other) =>
        one is { } moment && moment < other ? moment : other;
}
