using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>The file store's directory: found, opened, and tested for locks that lock.</summary>
internal sealed class StoreDirectory
{
    private const string Probe = "tokenauth.gate";

    private readonly string _named;
    private readonly DiskRights _rights;
    private readonly StorePrivacy _privacy;

    private string? _found; // set by the first use
    private int _isOpened; // 1 from the first use on, through Interlocked

    public StoreDirectory(string path, ILogger logger, DiskRights? rights = null)
    {
        _named = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)); // behind a separator a link does not show
        _rights = rights ?? new DiskRights();
        _privacy = new StorePrivacy(_rights, logger);
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

    public RecordFiles For(string key) => new(this, key);

    /// <exception cref="TokenStoreException">The directory is not one to keep tokens in.</exception>
    public void Prepare()
    {
        if (Volatile.Read(ref _found) is null)
            Volatile.Write(ref _found, Find());
        _privacy.KeepDirectory(FullPath);

        if (Interlocked.Exchange(ref _isOpened, 1) == 0)
            Open();
    }

    /// <summary>Opens a file of the store for reading; null when there is none.</summary>
    public SafeFileHandle? TryOpen(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            StorePrivacy.RefuseLink(path);

            return File.Exists(path) ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete) : null;
        }

        var file = UnixFile.TryOpen(path, FileAccess.Read);
        if (file is not null)
            _privacy.KeepFile(file, path);

        return file;
    }

    /// <summary>Judges a file by its handle, and takes the access of others from it; nothing where there is none.</summary>
    public void Guard(string path)
    {
        if (OperatingSystem.IsWindows())
            StorePrivacy.RefuseLink(path);
        else
            TryOpen(path)?.Dispose();
    }

    /// <summary>The named directory, or one of our own below it where it is a volume's root: that belongs to the volume's owner.</summary>
    private string Find()
    {
        StorePath.RefuseLinks(_named);

        return StorePath.IsVolumeRoot(_named) ? Path.Combine(_named, "TokenAuth") : _named;
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
            throw StoreDirectoryError.LocksDoNotLock(probe, "the file system gave one lock to two");
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
