namespace TokenAuth;

/// <summary>One thing that a probe found. Shows no secret.</summary>
public sealed class TokenFinding
{
    internal TokenFinding(HelpCode code, TokenFindingSeverity severity, string message, string remedy) =>
        (Code, Severity, Message, Remedy, HelpLink) = (code.Name, severity, message, remedy, code.Link);

    /// <summary>The cause in lower-case words with hyphens, for example <c>azure-key-refused</c>; an anchor in <c>docs/troubleshooting.md</c>.</summary>
    public string Code { get; }

    /// <summary>The weight of the finding.</summary>
    public TokenFindingSeverity Severity { get; }

    /// <summary>The observation, as a sentence without a secret.</summary>
    public string Message { get; }

    /// <summary>The remedy, as a sentence.</summary>
    public string Remedy { get; }

    /// <summary><c>urn:tokenauth:</c> and the code; the same as <see cref="Exception.HelpLink"/> of a <see cref="TokenAcquisitionException"/> with this cause.</summary>
    public Uri HelpLink { get; }

    /// <summary>All of it in one line.</summary>
    public override string ToString() => $"{Severity} {Code}: {Message} {Remedy} See docs/troubleshooting.md#{Code}.";
}
