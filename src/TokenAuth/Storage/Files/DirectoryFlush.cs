using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>
/// Puts a rename on the disk. .NET opens no directory, so the handle comes from open(2); Windows has no such thing and needs
/// none.
/// </summary>
internal static class DirectoryFlush
{
    private const int LinuxCloseOnExec = 0x80000;

    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;

        var path = Encoding.UTF8.GetBytes(directory + '\0');
        var flags = OperatingSystem.IsLinux() ? LinuxCloseOnExec : 0; // and O_RDONLY, which is 0
        using var handle = new SafeFileHandle(Open(path, flags), ownsHandle: true);
        if (!handle.IsInvalid)
            RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(byte[] path, int flags);
}
