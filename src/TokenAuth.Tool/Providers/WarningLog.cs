using Microsoft.Extensions.Logging;

namespace TokenAuth.Tool;

/// <summary>Says the library's warnings, which show no secret, on the error stream, each once.</summary>
/// <param name="terminal">Null where findings say the same.</param>
internal sealed class WarningLog(Terminal? terminal) : ILoggerProvider, ILogger
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal); // guarded by itself

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => terminal is not null && logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!IsEnabled(logLevel))
            return;

        var text = formatter(state, exception);
        lock (_said)
            if (_said.Add(text))
                terminal?.Say($"warning: {text}");
    }

    public void Dispose() { }
}
