using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Text.RegularExpressions;

namespace TokenAuth.Benchmarks;

/// <summary>Counts the types of the objects that the runtime samples, one in each 100 KB that are allocated.</summary>
internal sealed partial class AllocationSamples : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords GarbageCollector = (EventKeywords)0x1;

    private readonly ConcurrentDictionary<string, int> _samples = new();

    /// <summary>What one request allocates, by type.</summary>
    /// <param name="send">Sends requests until some hundred megabytes are allocated, and returns how many.</param>
    public static async Task<Dictionary<string, double>> TakeAsync(Func<Task<int>> send)
    {
        using var listener = new AllocationSamples();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var requests = await send();
        var bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / requests;
        var all = (double)listener._samples.Values.Sum();

        return listener._samples.ToDictionary(type => type.Key, type => bytes * type.Value / all);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime)
            EnableEvents(eventSource, EventLevel.Verbose, GarbageCollector);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) is not true)
            return;

        var type = (string)eventData.Payload![eventData.PayloadNames!.IndexOf("TypeName")]!;
        _samples.AddOrUpdate(Namespaces().Replace(type, ""), 1, (_, count) => count + 1);
    }

    [GeneratedRegex(@"(\w+\.)+")]
    private static partial Regex Namespaces();
}
