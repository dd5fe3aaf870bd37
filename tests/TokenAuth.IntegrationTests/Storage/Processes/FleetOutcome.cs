using System.Globalization;

namespace TokenAuth.Tests.Storage;

/// <summary>The failed calls and the longest wait of processes that have renewed, as they print them at their end.</summary>
internal sealed record FleetOutcome(int Failures, TimeSpan LongestWait)
{
    /// <summary>Waits until the processes end, and disposes them.</summary>
    public static async Task<FleetOutcome> ReadAsync(IEnumerable<WorkerProcess> fleet)
    {
        var (failures, longest) = (0, 0);
        foreach (var process in fleet)
            using (process)
            {
                var output = (await process.ReadToEndAsync()).Split(' ');
                failures += int.Parse(output[1], CultureInfo.InvariantCulture);
                longest = Math.Max(longest, int.Parse(output[2], CultureInfo.InvariantCulture));
            }

        return new(failures, TimeSpan.FromMilliseconds(longest));
    }
}
