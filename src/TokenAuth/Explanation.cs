namespace TokenAuth;

/// <summary>Explains why something does not work, in words that show no secret.</summary>
/// <param name="Seen">What was seen, as one sentence.</param>
/// <param name="Remedy">What to do, as sentences.</param>
internal sealed record Explanation(HelpCode Code, string Seen, string Remedy)
{
    public TokenFinding ToFinding(TokenFindingSeverity severity = TokenFindingSeverity.Error) =>
        new(Code, severity, Seen, Remedy);

    public override string ToString() => $"{Seen} {Remedy}";
}
