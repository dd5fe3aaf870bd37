using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>
/// A lock that processes share through an open file: flock on Unix, a share mode on Windows. The operating system takes it
/// back when the process ends, however it ends.
/// </summary>
internal static class FileLock
{
    // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
    private static readonly int[] _busy = [unchecked((int)0x80070020), unchecked((int)0x80070021)];

    /// <summary>Takes the lock; null when somebody else has it.</summary>
    public static FileStream? TryTake(string path)
    {
        if (OperatingSystem.IsWindows())
            return TryTakeOnWindows(path);

        var file = OpenOrCreate(path);
        try
        {
            if (UnixFile.TryLock(file, path))
                return new FileStream(file, FileAccess.ReadWrite, bufferSize: 0);

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

    private static FileStream? TryTakeOnWindows(string path)
    {
        try
        {
            // Its holder deletes a draft that is still locked, which Windows allows only where the open file shares its deletion.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0);
        }
        catch (IOException e) when (_busy.Contains(e.HResult))
        {
            return null;
        }
    }
}
