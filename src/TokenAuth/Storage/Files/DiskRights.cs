namespace TokenAuth;

/// <summary>The rights of files, which a file system may promise and not keep. Tests have one that does not.</summary>
internal class DiskRights
{
    public virtual void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    /// <summary>Takes a lock; null when somebody else has it.</summary>
    public virtual IDisposable? TryLock(string path) => FileLock.TryTake(path);
}
