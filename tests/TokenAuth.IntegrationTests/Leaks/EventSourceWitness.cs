using System.Diagnostics.Tracing;
using System.Globalization;

namespace TokenAuth.IntegrationTests.Leaks;

/// <summary>Listens to the public event sources of HTTP, sockets, TLS and logging; not to Private.InternalDiagnostics, which says of itself that it shows everything.</summary>
internal sealed class EventSourceWitness : EventListener
{
    private static readonly string[] _sources =
    [
        "System.Net.",
        "Microsoft-Extensions-",
        "Microsoft.Extensions.",
        "TokenAuth",
    ];

    [ThreadStatic]
    private static bool _isEnabling;

    private readonly Action<string, string?>? _see; // null while the base constructor announces sources

    public EventSourceWitness(Action<string, string?> see)
    {
        _see = see;
        foreach (var source in EventSource.GetSources())
            OnEventSourceCreated(source);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (
            _see is not null
            && Array.Exists(_sources, name => eventSource.Name.StartsWith(name, StringComparison.Ordinal))
        )
        {
            // Dependency injection's source answers with every container of the process, which are other tests'.
            _isEnabling = true;
            EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
            _isEnabling = false;
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_isEnabling)
            return;

        var place = $"event {eventData.EventSource.Name}/{eventData.EventName}";
        _see?.Invoke(place, eventData.Message);
        foreach (var value in eventData.Payload ?? (IEnumerable<object?>)[])
            _see?.Invoke(place, Convert.ToString(value, CultureInfo.InvariantCulture));
    }
}
