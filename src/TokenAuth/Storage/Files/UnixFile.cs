using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>
/// Opens and locks files as .NET does not: without following a symbolic link in the last component, without waiting for the other
/// end of a pipe, and with locks that no setting turns off. Linux and macOS.
/// </summary>
internal static class UnixFile
{
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int ExclusiveLock = 2 | 4; // LOCK_EX, LOCK_NB
    private const int NoLock = 8; // LOCK_UN

    private static readonly int _flags = OperatingSystem.IsMacOS()
        ? 0x100_0000 | 0x4 | 0x100 // O_CLOEXEC, O_NONBLOCK, O_NOFOLLOW
        : 0x8_0000 | 0x800 | LinuxNoFollow;

    public static uint User => EffectiveUser();

    private static int LinuxNoFollow =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le
            ? 0x8000
            : 0x2_0000;

    /// <summary>Null when there is no such file.</summary>
    /// <exception cref="TokenStoreException">It is a symbolic link, or a pipe or device without another end.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open it.</exception>
    public static SafeFileHandle? TryOpen(string path, FileAccess access)
    {
        var mode = access == FileAccess.Read ? ReadOnly : ReadWrite;
        var handle = new SafeFileHandle(Open(Encoding.UTF8.GetBytes(path + '\0'), mode | _flags), ownsHandle: true);
        if (!handle.IsInvalid)
            return handle;

        var error = UnixError.Last();
        handle.Dispose();

        return error.IsNoSuchFile ? null : throw error.ToException(path);
    }

    /// <summary>Locks an open file until <see cref="Unlock"/>, or until its last copy is closed; false when somebody else has it locked.</summary>
    /// <exception cref="TokenStoreException">The file system has no locks.</exception>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        if (Lock(file, ExclusiveLock) == 0)
            return true;

        var error = UnixError.Last();

        return error.IsBusy ? false : throw StoreDirectoryError.LocksDoNotLock(path, error.Text);
    }

    /// <summary>Gives the lock back, for every copy of the open file. If that fails, closing the last copy gives it back.</summary>
    public static void Unlock(SafeFileHandle file) => _ = Lock(file, NoLock);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Lock(SafeFileHandle file, int operation);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern uint EffectiveUser();
}
