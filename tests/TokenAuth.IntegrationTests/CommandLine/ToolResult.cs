namespace TokenAuth.IntegrationTests.CommandLine;

internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"{Output}{Error}(exit status {ExitCode})";
}
