using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>Keeps the store's directory and its files this user's alone: judges them, and takes the access of others away.</summary>
internal sealed class StorePrivacy(DiskRights rights, ILogger logger)
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;
    private const UnixFileMode NotTheUser = (UnixFileMode)0b111_111;

    private int _modesAreIgnored; // 1 once that was said, through Interlocked

    /// <summary>Finds or makes a directory, and takes the access of others from it.</summary>
    /// <exception cref="TokenStoreException">The directory is not one to keep tokens in.</exception>
    public void KeepDirectory(string path)
    {
        RefuseLink(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path); // the user's profile is closed to others
            return;
        }

        if (!Directory.Exists(path))
            Directory.CreateDirectory(path, DirectoryMode);
        RefuseOwner(path);
        if ((File.GetUnixFileMode(path) & NotTheUser) != UnixFileMode.None && Volatile.Read(ref _modesAreIgnored) == 0)
            Tighten(path);
    }

    /// <exception cref="TokenStoreException">It is a symbolic link.</exception>
    public static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
            throw StoreDirectoryError.IsLink(path);
    }

    private static void RefuseOwner(string path)
    {
        using var directory = UnixFile.TryOpen(path, FileAccess.Read);
        if (directory is not null && FileStatus.Of(directory) is { } status)
            RefuseOwner(path, status);
    }

    private static void RefuseOwner(string path, FileStatus status)
    {
        if (status.Owner != UnixFile.User)
            throw StoreDirectoryError.IsAnothers(path, status.Owner);
    }

    /// <summary>Judges a file by its handle, which is closed when the file is refused, and takes the access of others from it.</summary>
    /// <exception cref="TokenStoreException">It is no file, or somebody else's.</exception>
    public void KeepFile(SafeFileHandle file, string path)
    {
        try
        {
            if (FileStatus.Of(file) is { } status)
            {
                if (!status.IsRegularFile)
                    throw StoreDirectoryError.IsNoFile(path);
                RefuseOwner(path, status);
            }

            if (
                !OperatingSystem.IsWindows()
                && Volatile.Read(ref _modesAreIgnored) == 0
                && (File.GetUnixFileMode(file) & NotTheUser) != UnixFileMode.None
            )
                MakePrivate(path, FileMode);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Tighten(string path)
    {
        // Taking /tmp or a home directory from everybody else would harm more than the store can do good.
        var foreign = Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => !RecordFiles.IsOurs(entry));
        if (foreign is not null)
            throw StoreDirectoryError.HoldsForeignFiles(path, foreign);

        try
        {
            MakePrivate(path, DirectoryMode);
        }
        catch (UnauthorizedAccessException e)
        {
            throw StoreDirectoryError.IsAnothersVolume(path, e);
        }
    }

    /// <summary>Sets a mode, and says what came of it: some mounts accept modes and ignore them.</summary>
    private void MakePrivate(string path, UnixFileMode mode)
    {
        rights.SetMode(path, mode);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & NotTheUser) == UnixFileMode.None)
            logger.Tightened(path);
        else if (Interlocked.Exchange(ref _modesAreIgnored, 1) == 0)
            logger.ModesIgnored(path);
    }
}
