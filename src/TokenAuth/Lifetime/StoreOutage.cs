using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>The outage of a store: logged when it begins and when it ends, counted each time.</summary>
internal sealed partial class StoreOutage(string providerName, TimeProvider time, ILogger logger)
{
    private readonly Outage _outage = new(time);

    /// <summary>Null while the store works.</summary>
    public OutageReport? Current => _outage.Current;

    public void Failed(StoreOperation operation, Exception exception)
    {
        var isFirst = _outage.Fails(Cause(exception), weight: (int)operation);

        TelemetryGuard.Emit(() => TokenMeter.StoreFailed(providerName, Name(operation)));
        if (isFirst)
            TelemetryGuard.Emit(() => LogFailing(logger, providerName, Cause(exception)));
    }

    public void Succeeded(StoreOperation operation)
    {
        if (_outage.Succeeds((int)operation) is { } ended)
            TelemetryGuard.Emit(() => LogWorksAgain(logger, providerName, ended.Since));
    }

    private static string Name(StoreOperation operation) =>
        operation switch
        {
            StoreOperation.Read => "read",
            StoreOperation.Release => "release",
            StoreOperation.Lease => "lease",
            _ => "write",
        };

    // Only messages that are known to show no secret.
    private static string Cause(Exception exception) =>
        exception is TokenStoreException or TimeLimitException ? exception.Message : exception.GetType().Name;

    [LoggerMessage(
        20,
        LogLevel.Warning,
        "The token store fails for provider '{Provider}': {Cause} The provider goes on with the grant it has in memory; a grant obtained "
            + "meanwhile is neither shared nor kept over a restart until the store works again."
    )]
    private static partial void LogFailing(ILogger logger, string provider, string cause);

    [LoggerMessage(
        21,
        LogLevel.Information,
        "The token store works again for provider '{Provider}'; it had failed since {Since:O}."
    )]
    private static partial void LogWorksAgain(ILogger logger, string provider, DateTimeOffset since);
}
