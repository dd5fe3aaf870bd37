using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>Loggers that say which tenant it is; the tenant's name is no part of a category.</summary>
internal sealed class TenantLoggerFactory(ILoggerFactory inner, string tenant) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new TenantLogger(inner.CreateLogger(categoryName), tenant);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() { }

    private sealed class TenantLogger(ILogger inner, string tenant) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) =>
            inner.Log(
                logLevel,
                eventId,
                state,
                exception,
                (s, e) => $"{formatter(s, e)} Tenant: '{TenantName.Shown(tenant)}'."
            );
    }
}
