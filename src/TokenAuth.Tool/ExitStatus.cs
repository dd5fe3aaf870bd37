namespace TokenAuth.Tool;

/// <summary>The exit statuses of the process; <c>docs/cli.md</c> lists the same.</summary>
internal static class ExitStatus
{
    public const int Well = 0;

    /// <summary>A finding, settings that cannot be read, or no token.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong, or the token may not go where it should.</summary>
    public const int Usage = 2;

    /// <summary><c>exec</c> itself failed, as <c>env</c> and <c>timeout</c> say it.</summary>
    public const int NotStarted = 125;

    /// <summary>The command of <c>exec</c> is no program that may be run.</summary>
    public const int NotExecutable = 126;

    /// <summary>The command of <c>exec</c> does not exist.</summary>
    public const int NotFound = 127;

    /// <summary>With the signal's number: it ended <c>exec</c> before the command started.</summary>
    public const int Signal = 128;
}
