namespace TokenAuth.Tool;

/// <summary>Writes a secret into a file that only this user may read, whole or not at all.</summary>
internal static class SecretFile
{
    /// <exception cref="ToolException">It cannot be written there.</exception>
    public static void Write(string path, string secret)
    {
        var full = Path.GetFullPath(path);
        if (!IsFree(full))
            throw new ToolException(
                $"{SecretText.Shown(path)} is no ordinary file; name one that is, or one that does not exist.",
                ExitStatus.Usage
            );

        var draft = $"{full}.{Path.GetRandomFileName()}";
        try
        {
            using (var writer = new StreamWriter(draft, NewForThisUser()))
                writer.Write(secret);
            File.Move(draft, full, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);

            throw new ToolException(
                $"{SecretText.Shown(path)} cannot be written: {exception.Message}",
                ExitStatus.Usage
            );
        }
    }

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
