using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Names in the log each client that loses its redirects because it shares a primary handler with one that must not follow any.</summary>
internal sealed partial class SharedPrimaryHandlers(ILoggerFactory loggers)
{
    private readonly ConditionalWeakTable<HttpMessageHandler, Sharing> _handlers = new();

    /// <summary>Notes that a client, which may follow redirects, is made over a primary handler.</summary>
    public void Use(HttpMessageHandler primary, string client)
    {
        var sharing = _handlers.GetOrCreateValue(primary);
        string? stoppedBy;
        lock (sharing)
        {
            if (!sharing.Clients.Add(client))
                return;

            stoppedBy = sharing.StoppedBy;
        }

        if (stoppedBy is not null)
            Tell(client, primary, stoppedBy);
    }

    /// <summary>Notes that redirects of a primary handler, which were on, have been turned off.</summary>
    public void Stop(HttpMessageHandler primary, string by)
    {
        var sharing = _handlers.GetOrCreateValue(primary);
        string[] clients;
        lock (sharing)
        {
            sharing.StoppedBy = by;
            clients = [.. sharing.Clients];
        }

        foreach (var client in clients)
            Tell(client, primary, by);
    }

    private void Tell(string client, HttpMessageHandler primary, string by) =>
        TelemetryGuard.Emit(() =>
            LogLosesRedirects(loggers.CreateLogger("TokenAuth.Start"), client, primary.GetType().Name, by)
        );

    [LoggerMessage(
        52,
        LogLevel.Warning,
        "HttpClient '{Client}' follows no redirects any more: it shares its {PrimaryHandler} with {Owner}, which turned them off. Give "
            + "'{Client}' a primary handler of its own."
    )]
    private static partial void LogLosesRedirects(ILogger logger, string client, string primaryHandler, string owner);

    private sealed class Sharing
    {
        public HashSet<string> Clients { get; } = new(StringComparer.Ordinal);

        public string? StoppedBy { get; set; }
    }
}
