namespace TokenAuth;

/// <summary>
/// A lock that processes share through an open file: flock on Unix, a share mode on Windows. The operating system takes it
/// back when the process ends, however it ends.
/// </summary>
internal static class FileLock
{
    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
    private static readonly int[] _busy = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    /// <summary>Takes the lock; null when somebody else has it.</summary>
    public static FileStream? TryTake(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = StoreDirectory.FileMode;

        try
        {
            return new FileStream(path, options);
        }
        catch (IOException e) when (_busy.Contains(e.HResult))
        {
            return null;
        }
    }
}
