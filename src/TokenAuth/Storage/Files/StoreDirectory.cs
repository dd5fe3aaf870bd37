using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>The file store's directory: found or made, judged, and kept private.</summary>
internal sealed class StoreDirectory
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;
    private const UnixFileMode NotTheUser = (UnixFileMode)0b111_111;
    private const string Probe = "tokenauth.gate";

    private readonly string _named;
    private readonly ILogger _logger;
    private readonly DiskRights _rights;

    private string? _found; // set by the first use
    private int _isOpened; // 1 from the first use on, through Interlocked
    private int _modesAreIgnored; // 1 once that was said, through Interlocked

    public StoreDirectory(string path, ILogger logger, DiskRights? rights = null)
    {
        _named = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)); // behind a separator a link does not show
        _logger = logger;
        _rights = rights ?? new DiskRights();
    }

    /// <summary>Null where the user has no home.</summary>
    public static string? DefaultPath =>
        PathUnder(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            )
        );

    public string FullPath => Volatile.Read(ref _found) ?? _named;

    public static string? PathUnder(string localData) =>
        localData.Length == 0 ? null : Path.Combine(localData, "TokenAuth");

    public static TokenStoreException LinkRefused(string path) =>
        new(
            $"'{path}' is a symbolic link, through which somebody else could choose where tokens go; "
                + "name the real directory, or remove the link."
        );

    public static TokenStoreException NoFile(string path) =>
        new($"'{path}' is a pipe, a device or a directory where the token store has a file; remove it.");

    public static TokenStoreException LocksDoNotLock(string path, string why) =>
        new(
            $"Locks do not lock in '{Path.GetDirectoryName(path)}' ({why}): two processes could renew one grant at once. "
                + "Name a directory on a local disk, or use a fleet store."
        );

    public RecordFiles For(string key) => new(this, key);

    /// <exception cref="TokenStoreException">The directory is not one to keep tokens in.</exception>
    public void Prepare()
    {
        if (Volatile.Read(ref _found) is null)
            Volatile.Write(ref _found, Find());
        Judge(FullPath);

        if (Interlocked.Exchange(ref _isOpened, 1) == 0)
            Open();
    }

    /// <summary>Opens a file of the store for reading; null when there is none.</summary>
    public SafeFileHandle? TryOpen(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            RefuseLink(path);

            return File.Exists(path) ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete) : null;
        }

        var file = UnixFile.TryOpen(path, FileAccess.Read);
        if (file is not null)
            JudgeFile(file, path);

        return file;
    }

    /// <summary>Judges a file by its handle, and takes the access of others from it; nothing where there is none.</summary>
    public void Guard(string path)
    {
        if (OperatingSystem.IsWindows())
            RefuseLink(path);
        else
            TryOpen(path)?.Dispose();
    }

    /// <summary>The named directory, or one of our own below it where it is a volume's root: that belongs to the volume's owner.</summary>
    private string Find()
    {
        StorePath.RefuseLinks(_named);

        return StorePath.IsVolumeRoot(_named) ? Path.Combine(_named, "TokenAuth") : _named;
    }

    private void Judge(string path)
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

    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
            throw LinkRefused(path);
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
            throw new TokenStoreException(
                $"'{path}' belongs to the user {status.Owner}, and this process runs as user {UnixFile.User}: one of them could read or replace "
                    + "the other's tokens. Name a directory of this user's, or give it to this user (chown)."
            );
    }

    private void JudgeFile(SafeFileHandle file, string path)
    {
        try
        {
            if (FileStatus.Of(file) is { } status)
            {
                if (!status.IsRegularFile)
                    throw NoFile(path);
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
            throw new TokenStoreException(
                $"The store directory '{path}' is open to other users and holds '{Path.GetFileName(foreign)}', which is not "
                    + "the store's; give the store a directory of its own, or make this one private (chmod 700)."
            );

        try
        {
            MakePrivate(path, DirectoryMode);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new TokenStoreException(
                $"The store directory '{path}' is open to other users and belongs to another one (a mounted volume?); "
                    + "name a directory inside it, which the store makes for itself.",
                e
            );
        }
    }

    /// <summary>Sets a mode, and says what came of it: some mounts accept modes and ignore them.</summary>
    private void MakePrivate(string path, UnixFileMode mode)
    {
        _rights.SetMode(path, mode);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & NotTheUser) == UnixFileMode.None)
            _logger.Tightened(path);
        else if (Interlocked.Exchange(ref _modesAreIgnored, 1) == 0)
            _logger.ModesIgnored(path);
    }

    private void Open()
    {
        try
        {
            TestLocks();
            Sweep();
        }
        catch
        {
            Volatile.Write(ref _isOpened, 0); // the next use tests again
            throw;
        }
    }

    private void TestLocks()
    {
        var probe = Path.Combine(FullPath, Probe);
        Guard(probe);
        using var first = _rights.TryLock(probe);
        if (first is null)
            return; // another process keeps us out, which is what locks are for

        using var second = _rights.TryLock(probe);
        if (second is not null)
            throw LocksDoNotLock(probe, "the file system gave one lock to two");
    }

    /// <summary>Removes what writers left that were killed; a writer at work has its draft locked.</summary>
    private void Sweep()
    {
        foreach (var file in Directory.EnumerateFiles(FullPath, "*" + RecordFiles.DraftSuffix))
        {
            if (!RecordFiles.IsOurs(file))
                continue;

            using var left = FileLock.TryTake(file);
            if (left is not null)
                File.Delete(file);
        }
    }
}
