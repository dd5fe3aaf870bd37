namespace TokenAuth.Tool;

/// <summary>One thing that <c>doctor</c> or <c>show</c> found.</summary>
/// <param name="See">The page that explains it.</param>
internal sealed record Finding(string Code, TokenFindingSeverity Severity, string Message, string Remedy, string See)
{
    /// <summary>The severity in one word.</summary>
    public string Word =>
        Severity switch
        {
            TokenFindingSeverity.Error => "error",
            TokenFindingSeverity.Warning => "warning",
            _ => "note",
        };

    /// <summary>True when somebody has to do something.</summary>
    public bool IsTrouble => Severity != TokenFindingSeverity.Information;

    public static Finding Of(TokenFinding found) =>
        new(
            found.Code,
            found.Severity,
            found.Message,
            found.Remedy.Replace("MaySpendRefreshToken", SpendOption.Name, StringComparison.Ordinal),
            $"docs/troubleshooting.md#{found.Code}"
        );

    /// <summary>One of this tool's, which <c>docs/cli.md</c> explains.</summary>
    public static Finding Of(ToolCode code, TokenFindingSeverity severity, string message, string remedy) =>
        new(code.Name, severity, message, remedy, $"docs/cli.md#{code.Name}");
}
