using Microsoft.Extensions.Logging;

namespace TokenAuth.Tests;

/// <summary>Loggers whose disk is full.</summary>
internal sealed class ThrowingLoggers : ILoggerFactory, ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => throw new IOException("The log's disk is full.");

    public void Dispose() { }
}
