using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>Since when a store has been failing, and with what: logged once when it begins and once when it ends.</summary>
internal sealed partial class StoreTrouble(string providerName, TimeProvider time, ILogger logger)
{
    private readonly object _gate = new();

    private Trouble? _trouble; // written under _gate, read by anybody
    private StoreOperation _failed; // guarded by _gate: what failed during the trouble, the last of the order

    /// <summary>Null while the store works.</summary>
    public Trouble? Current => Volatile.Read(ref _trouble);

    public void Failed(StoreOperation operation, Exception exception)
    {
        bool isFirst;
        lock (_gate)
        {
            isFirst = _trouble is null;
            Volatile.Write(ref _trouble, new Trouble(_trouble?.Since ?? time.GetUtcNow(), Cause(exception)));
            if (operation > _failed)
                _failed = operation;
        }

        Watchers.Tell(() => TokenMeter.StoreFailed(providerName, Name(operation)));
        if (isFirst)
            Watchers.Tell(() => LogFailing(logger, providerName, Cause(exception)));
    }

    public void Succeeded(StoreOperation operation)
    {
        Trouble? ended;
        lock (_gate)
        {
            if (operation < _failed)
                return;

            ended = _trouble;
            Volatile.Write(ref _trouble, null);
            _failed = StoreOperation.Read;
        }

        if (ended is not null)
            Watchers.Tell(() => LogWorksAgain(logger, providerName, ended.Since));
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
