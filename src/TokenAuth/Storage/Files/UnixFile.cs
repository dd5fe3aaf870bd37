using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>
/// Opens files as .NET does not: without following a symbolic link in the last component, without waiting for the other end of a
/// pipe, and without a lock. Linux and macOS.
/// </summary>
internal static class UnixFile
{
    private const int NoSuchFile = 2; // ENOENT
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;

    private static readonly int _flags = OperatingSystem.IsMacOS()
        ? 0x100_0000 | 0x4 | 0x100 // O_CLOEXEC, O_NONBLOCK, O_NOFOLLOW
        : 0x8_0000 | 0x800 | LinuxNoFollow;

    private static int LinuxNoFollow =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le
            ? 0x8000
            : 0x2_0000;

    // ELOOP
    private static int IsLink => OperatingSystem.IsMacOS() ? 62 : 40;

    /// <summary>Null when there is no such file.</summary>
    /// <exception cref="TokenStoreException">It is a symbolic link.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open it.</exception>
    public static SafeFileHandle? TryOpen(string path, FileAccess access)
    {
        var mode = access == FileAccess.Read ? ReadOnly : ReadWrite;
        var handle = new SafeFileHandle(Open(Encoding.UTF8.GetBytes(path + '\0'), mode | _flags), ownsHandle: true);
        if (!handle.IsInvalid)
            return handle;

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        if (error == NoSuchFile)
            return null;

        throw error == IsLink ? StoreDirectory.LinkRefused(path) : Failure(error, path);
    }

    private static Exception Failure(int error, string path)
    {
        const int notPermitted = 1;
        const int denied = 13;
        var message = $"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'";

        return error is notPermitted or denied
            ? new UnauthorizedAccessException(message)
            : new IOException(message, error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(byte[] path, int flags);
}
