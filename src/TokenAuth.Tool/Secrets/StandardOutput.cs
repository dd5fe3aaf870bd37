using Microsoft.Win32.SafeHandles;

namespace TokenAuth.Tool;

/// <summary>The process's standard output, as the shell has set it up.</summary>
internal static class StandardOutput
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>
    /// The file to which a shell's <c>&gt;</c> leads when others may read it; null for a pipe, <c>/dev/null</c> and a file of this user's alone. Linux
    /// only: other systems do not show the name.
    /// </summary>
    public static string? FileOthersMayRead()
    {
        if (!OperatingSystem.IsLinux())
            return null;

        try
        {
            var target = new FileInfo("/proc/self/fd/1").LinkTarget;
            if (target is null || !target.StartsWith('/') || target.StartsWith("/dev/", StringComparison.Ordinal))
                return null;

            using var handle = new SafeFileHandle(1, ownsHandle: false);

            return (File.GetUnixFileMode(handle) & Others) != UnixFileMode.None ? target : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // a system without /proc
        }
    }
}
