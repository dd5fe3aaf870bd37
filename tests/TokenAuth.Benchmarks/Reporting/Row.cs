namespace TokenAuth.Benchmarks;

/// <summary>One line of the report: TokenAuth's figure, what it is to be, and everybody else's.</summary>
internal sealed record Row(string Scenario, string Measure, double TokenAuth)
{
    /// <summary>Null where a figure only informs.</summary>
    public Limit? Target { get; init; }

    /// <summary>Whether it belongs to the first table: what the library is built to reach.</summary>
    public bool IsGoal { get; init; } = true;

    public IReadOnlyDictionary<string, double> Peers { get; init; } = new Dictionary<string, double>();

    /// <summary>How a figure is written.</summary>
    public string Format { get; init; } = "0.00";

    public bool IsMet => Target is null || Target.IsMetBy(TokenAuth);

    /// <summary>Whether no peer has a better figure; those that are timed are alike within five per cent.</summary>
    public bool IsAhead => Peers.Values.All(peer => (Target ?? Limit.AtMost(0)).IsAtLeastAsGood(TokenAuth, peer));
}
