namespace TokenAuth;

/// <summary>The result of a probe of a provider. Shows no secret.</summary>
public sealed class TokenProbeReport
{
    internal TokenProbeReport(IReadOnlyList<TokenFinding> findings) => Findings = findings;

    /// <summary>True when the token endpoint granted a token to this probe. False also when there was nothing to ask, which a finding says.</summary>
    public bool Works { get; internal init; }

    /// <summary>Each thing that is wrong or was not tried; empty when all is well.</summary>
    public IReadOnlyList<TokenFinding> Findings { get; }

    /// <summary>The expiry of the granted token; null when none was granted, or it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; internal init; }

    /// <summary>The time that the probe took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>All of it, a line a finding.</summary>
    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            Findings
                .Select(finding => finding.ToString())
                .Prepend(Works ? "A token was granted." : "No token was granted.")
        );
}
