namespace TokenAuth.Benchmarks;

/// <summary>The token is in memory and fresh: what does a request cost beyond one whose header is set by hand?</summary>
internal sealed class WarmPath(string name, CallerFactory callers, string floor) : IScenario
{
    private const int Rounds = 300;

    /// <summary>The handlers to measure, and the most that each may cost.</summary>
    public required IReadOnlyDictionary<string, WarmPathLimits> Handlers { get; init; }

    public IReadOnlyList<string> Peers { get; init; } = CallerFactory.Peers;

    public Task<IReadOnlyList<Row>> RunAsync()
    {
        var samples = InterleavedRounds.Run(
            [.. new[] { floor }.Concat(Handlers.Keys).Concat(Peers).Select(callers.Create)],
            Rounds
        );

        return Task.FromResult<IReadOnlyList<Row>>([.. Handlers.Keys.SelectMany(handler => Rows(handler, samples))]);
    }

    private IEnumerable<Row> Rows(string handler, IReadOnlyList<Sample> samples)
    {
        var ours = samples.Single(sample => sample.Caller == handler);
        var theirs = samples.Where(sample => Peers.Contains(sample.Caller)).ToArray();
        var limits = Handlers[handler];
        var scenario = $"{handler}, {name}";
        var isGoal = limits.TimesFloor is not null;

        yield return new(scenario, $"time, × {floor}", ours.TimesFloor)
        {
            IsGoal = isGoal,
            Target = limits.TimesFloor is { } times ? Limit.AtMost(times) : null,
            Peers = theirs.ToDictionary(peer => peer.Caller, peer => peer.TimesFloor),
        };
        yield return new(scenario, "extra bytes", ours.ExtraBytes)
        {
            IsGoal = isGoal,
            Target = limits.ExtraBytes is { } bytes ? Limit.Counted(bytes) : null,
            Peers = theirs.ToDictionary(peer => peer.Caller, peer => (double)peer.ExtraBytes),
            Format = "0",
        };
    }
}
