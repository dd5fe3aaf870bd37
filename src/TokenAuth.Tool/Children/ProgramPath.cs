namespace TokenAuth.Tool;

/// <summary>Finds a command as a shell does: by <c>PATH</c> alone, never in the current folder.</summary>
internal static class ProgramPath
{
    private const UnixFileMode Execute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="ToolException">There is no such program.</exception>
    public static string Find(string command)
    {
        if (OperatingSystem.IsWindows())
            return command;
        if (command.Contains('/', StringComparison.Ordinal))
            return File.Exists(command) ? Path.GetFullPath(command) : throw NotFound(command);

        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, command))
            .Where(File.Exists)
            .ToList();

        return found.Find(MayBeRun) ?? found.FirstOrDefault() ?? throw NotFound(command);
    }

    private static bool MayBeRun(string file) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Execute) != UnixFileMode.None;

    private static ToolException NotFound(string command) =>
        new($"exec: there is no command '{SecretText.Shown(command)}'.", ExitStatus.NotFound);
}
