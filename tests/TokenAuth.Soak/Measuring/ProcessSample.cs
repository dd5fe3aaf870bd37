using System.Diagnostics;

namespace TokenAuth.Soak;

/// <summary>What the process holds at one moment, after a full collection.</summary>
internal sealed record ProcessSample(double HeapMegabytes, double WorkingSetMegabytes, double Handles, double Threads)
{
    private const double Megabyte = 1024 * 1024;

    public static ProcessSample Take()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();

        return new(
            GC.GetTotalMemory(forceFullCollection: false) / Megabyte,
            process.WorkingSet64 / Megabyte,
            Directory.Exists("/proc/self/fd")
                ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count()
                : process.HandleCount,
            process.Threads.Count
        );
    }
}
