using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>
/// A lock that processes share through an open file: flock on Unix, a share mode on Windows. The operating system takes it
/// back when the process ends, however it ends. A child that was forked a moment before keeps it until it executes its program.
/// </summary>
internal sealed class FileLock : IDisposable
{
    // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
    private static readonly int[] _busy = [unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private int _isReleased; // 1 from the first Dispose on, through Interlocked

    /// <summary>The lock on an open file, which is closed with it.</summary>
    public FileLock(SafeFileHandle locked) => Handle = locked;

    public SafeFileHandle Handle { get; }

    /// <summary>Takes the lock; null when somebody else has it.</summary>
    public static FileLock? TryTake(string path)
    {
        if (OperatingSystem.IsWindows())
            return TryTakeOnWindows(path);

        var file = OpenOrCreate(path);
        try
        {
            if (UnixFile.TryLock(file, path))
                return new FileLock(file);

            file.Dispose();

            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes the file; false when there is one.</summary>
    public static bool TryCreate(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = StorePrivacy.FileMode;

        try
        {
            new FileStream(path, options).Dispose();

            return true;
        }
        catch (IOException) when (Path.Exists(path))
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
            return;

        // Closing is not enough: a child that was forked meanwhile has a copy of the open file, and would keep the lock.
        if (!OperatingSystem.IsWindows())
            UnixFile.Unlock(Handle);
        Handle.Dispose();
    }

    private static SafeFileHandle OpenOrCreate(string path)
    {
        while (true)
        {
#pragma warning disable CA2000 // the caller disposes it
            if (UnixFile.TryOpen(path, FileAccess.ReadWrite) is { } file)
                return file;
#pragma warning restore CA2000

            TryCreate(path);
        }
    }

    private static FileLock? TryTakeOnWindows(string path)
    {
        try
        {
            // Its holder deletes a draft that is still locked, which Windows allows only where the open file shares its deletion.
            return new FileLock(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Delete));
        }
        catch (IOException e) when (_busy.Contains(e.HResult))
        {
            return null;
        }
    }
}
