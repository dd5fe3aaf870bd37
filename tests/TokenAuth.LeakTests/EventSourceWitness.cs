using System.Diagnostics.Tracing;
using System.Globalization;

namespace TokenAuth.LeakTests;

/// <summary>
/// Listens to the public event sources of HTTP, sockets, TLS and logging; not to Private.InternalDiagnostics, which says of itself
/// that it shows everything. One listens for all scenes at a time: logging's source changes every container's filters when a
/// listener comes or goes, and a container that is being built meanwhile may fail over that.
/// </summary>
internal sealed class EventSourceWitness : EventListener
{
    private static readonly string[] _sources =
    [
        "System.Net.",
        "Microsoft-Extensions-",
        "Microsoft.Extensions.",
        "TokenAuth",
    ];

    private static readonly object _gate = new();
    private static EventSourceWitness? _listening; // while anybody watches; guarded by _gate
    private static Action<string, string?>[] _watching = []; // replaced under _gate

    [ThreadStatic]
    private static bool _isEnabling;

    private EventSourceWitness() { }

    /// <summary>Shows everything until <see cref="Unwatch"/>.</summary>
    public static void Watch(Action<string, string?> see)
    {
        lock (_gate)
        {
            _watching = [.. _watching, see];
            _listening ??= new EventSourceWitness();
        }
    }

    public static void Unwatch(Action<string, string?> see)
    {
        lock (_gate)
        {
            _watching = [.. _watching.Where(other => other != see)];
            if (_watching.Length > 0)
                return;

            _listening?.Dispose();
            _listening = null;
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (!Array.Exists(_sources, name => eventSource.Name.StartsWith(name, StringComparison.Ordinal)))
            return;

        // Dependency injection's source answers with every container of the process, which are other tests'.
        _isEnabling = true;
        EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
        _isEnabling = false;
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_isEnabling)
            return;

        var place = $"event {eventData.EventSource.Name}/{eventData.EventName}";
        foreach (var see in _watching)
        {
            see(place, eventData.Message);
            foreach (var value in eventData.Payload ?? (IEnumerable<object?>)[])
                see(place, Convert.ToString(value, CultureInfo.InvariantCulture));
        }
    }
}
