namespace TokenAuth.Tool;

/// <summary>Ends a command with one message for the person at the terminal.</summary>
#pragma warning disable CA1032, CA1064 // made where a command fails, and never leaves the program
internal sealed class ToolException(string message, int status) : Exception(message)
{
    public int Status => status;
}
#pragma warning restore CA1032, CA1064
