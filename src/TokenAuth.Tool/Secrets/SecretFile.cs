namespace TokenAuth.Tool;

/// <summary>Writes a secret into a file that only this user may read, whole or not at all.</summary>
internal static class SecretFile
{
    /// <summary>Refuses a place to which no secret can go, without writing there.</summary>
    /// <returns>The full path.</returns>
    /// <exception cref="ToolException">It is no place for a file.</exception>
    public static string Check(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new ToolException(
                "The name of the file is empty or has a null character; name a file.",
                ExitStatus.Usage
            );

        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new ToolException(
                $"{SecretText.Shown(path)} cannot be written: there is no folder {SecretText.Shown(folder)}; make it first.",
                ExitStatus.Usage
            );

        return IsFree(full)
            ? full
            : throw new ToolException(
                $"{SecretText.Shown(path)} is not a regular file; name a regular file, or one that does not exist yet.",
                ExitStatus.Usage
            );
    }

    /// <exception cref="ToolException">It cannot be written there.</exception>
    public static void Write(string path, string secret)
    {
        var full = Check(path);
        var draft = $"{full}.{Path.GetRandomFileName()}";
        try
        {
            using (var writer = new StreamWriter(draft, NewForThisUser()))
                writer.Write(secret);
            File.Move(draft, full, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Remove(draft);

            throw CannotBeWritten(path, exception);
        }
    }

    /// <summary>Makes a file in the folder and removes it: only that tells whether this user may.</summary>
    /// <exception cref="ToolException">Nothing can be written there.</exception>
    public static void Try(string path)
    {
        var draft = $"{Check(path)}.{Path.GetRandomFileName()}";
        try
        {
            using (new FileStream(draft, NewForThisUser())) { }
            File.Delete(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Remove(draft);

            throw CannotBeWritten(path, exception);
        }
    }

    // The reason why a file could not be written is often the reason why it is not there.
    private static void Remove(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // the first failure is the one to report
        }
    }

    private static ToolException CannotBeWritten(string path, Exception exception) =>
        new($"{SecretText.Shown(path)} cannot be written: {exception.Message}", ExitStatus.Usage);

    private static FileStreamOptions NewForThisUser()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        return options;
    }

    // Neither a folder, nor a link, nor a device such as /dev/tty: the move would put a file in its place.
    private static bool IsFree(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null || Directory.Exists(path))
            return false;
        if (!file.Exists)
            return true;

        return (file.Attributes & (FileAttributes.Device | FileAttributes.ReparsePoint | FileAttributes.Directory))
                == FileAttributes.None
            && !path.StartsWith("/dev/", StringComparison.Ordinal)
            && !path.StartsWith("/proc/", StringComparison.Ordinal);
    }
}
