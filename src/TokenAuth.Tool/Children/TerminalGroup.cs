using System.Runtime.InteropServices;

namespace TokenAuth.Tool;

/// <summary>Tells whether a terminal sends its signals (Ctrl+C, Ctrl+\) to this process and its children by itself.</summary>
internal static class TerminalGroup
{
    public static bool IsInForeground =>
        !OperatingSystem.IsWindows() && Enumerable.Range(0, 3).Any(stream => tcgetpgrp(stream) == getpgrp());

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int tcgetpgrp(int descriptor);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int getpgrp();
}
