using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TokenAuth.TestKit;

/// <summary>Everything that was logged, at every level.</summary>
public sealed class RecordedLogs : ILoggerFactory, ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, EventId Id, string Message)> _entries = new();
    private readonly ConcurrentQueue<string> _values = new();

    public IReadOnlyCollection<(LogLevel Level, EventId Id, string Message)> Entries => _entries;

    public IEnumerable<string> Messages(int eventId) =>
        _entries.Where(entry => entry.Id.Id == eventId).Select(entry => entry.Message);

    /// <summary>Everything, as "Warning 12: text".</summary>
    public IReadOnlyList<string> Lines =>
        [.. _entries.Select(entry => $"{entry.Level} {entry.Id.Id}: {entry.Message}")];

    /// <summary>Warnings and worse.</summary>
    public IReadOnlyList<string> Warnings =>
        [
            .. _entries
                .Where(entry => entry.Level >= LogLevel.Warning)
                .Select(entry => $"{entry.Level} {entry.Id.Id}: {entry.Message}"),
        ];

    /// <summary>The state of each message and scope as text, and each of its named values as "name=value".</summary>
    public IReadOnlyCollection<string> Values => _values;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) { }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        _entries.Enqueue((logLevel, eventId, formatter(state, exception)));
        KeepValues(state);
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        KeepValues(state);

        return null;
    }

    public void Dispose() { }

    private void KeepValues<TState>(TState state)
    {
        _values.Enqueue($"{state}");
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
            foreach (var (name, value) in values)
                _values.Enqueue($"{name}={value}");
    }
}
