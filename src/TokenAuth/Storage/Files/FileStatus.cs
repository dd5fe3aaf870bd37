using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TokenAuth;

/// <summary>The status of a file on Linux: statx(2), whose layout is the same on every processor.</summary>
internal readonly record struct FileStatus(uint Owner, bool IsRegularFile, bool IsMountRoot, ulong Device)
{
    private const int Length = 256;
    private const int WorkingDirectory = -100; // AT_FDCWD
    private const int OfTheHandle = 0x1000; // AT_EMPTY_PATH
    private const uint BasicFields = 0x7ff; // STATX_BASIC_STATS
    private const ulong MountRoot = 0x2000; // STATX_ATTR_MOUNT_ROOT, since Linux 5.8
    private const int TypeMask = 0xf000;
    private const int RegularFile = 0x8000;

    private static readonly byte[] _emptyPath = [0];

    /// <summary>The status of an open file; null where the system does not say.</summary>
    public static FileStatus? Of(SafeFileHandle file) =>
        Of(buffer => Ask(file, _emptyPath, OfTheHandle, BasicFields, buffer));

    /// <summary>The status of whatever is at the path, behind links too; null where the system does not say. This user need not be able to open it.</summary>
    public static FileStatus? Of(string path) =>
        Of(buffer => Ask(WorkingDirectory, Encoding.UTF8.GetBytes(path + '\0'), 0, BasicFields, buffer));

    private static FileStatus? Of(Func<byte[], int> ask)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        var buffer = new byte[Length];
        try
        {
            return ask(buffer) == 0 ? From(buffer) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // a C library of before 2019
        }
    }

    private static FileStatus From(ReadOnlySpan<byte> buffer)
    {
        var attributes = BinaryPrimitives.ReadUInt64LittleEndian(buffer[8..]);
        var owner = BinaryPrimitives.ReadUInt32LittleEndian(buffer[20..]);
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]);

        return new FileStatus(
            owner,
            (mode & TypeMask) == RegularFile,
            (attributes & MountRoot) != 0,
            BinaryPrimitives.ReadUInt64LittleEndian(buffer[136..]) // major and minor number
        );
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Ask(SafeFileHandle directory, byte[] path, int flags, uint mask, byte[] buffer);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Ask(int directory, byte[] path, int flags, uint mask, byte[] buffer);
}
