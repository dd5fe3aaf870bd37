namespace TokenAuth.Tool;

/// <summary>The findings of <c>doctor</c> about one provider.</summary>
internal sealed record ProviderDiagnosis
{
    public required string Name { get; init; }

    public required string Kind { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public required IReadOnlyList<ShownSetting> Settings { get; init; }

    /// <summary>True when the provider got a token.</summary>
    public bool Works { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public TimeSpan Duration { get; init; }

    public bool HasTrouble => Findings.Any(finding => finding.IsTrouble);
}
