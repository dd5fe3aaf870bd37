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
    // O_CLOEXEC, and O_RDONLY, which is 0.
    private static readonly int _flags = OperatingSystem.IsMacOS() ? 0x100_0000 : 0x8_0000;

    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;

        var path = Encoding.UTF8.GetBytes(directory + '\0');
        using var handle = new SafeFileHandle(Open(path, _flags), ownsHandle: true);
        if (!handle.IsInvalid)
            RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(byte[] path, int flags);
}
