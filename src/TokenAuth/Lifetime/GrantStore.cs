using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// A store as the engine uses it: every operation has a time limit, and trouble is logged once when it begins and once when
/// it ends, and is never the caller's.
/// </summary>
internal sealed partial class GrantStore(
    ITokenStore store,
    string key,
    string providerName,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan _operationLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _leaseLimit = TimeSpan.FromSeconds(21); // a lease lasts 20

    private readonly object _gate = new();

    private Trouble? _trouble; // written under _gate, read by anybody
    private Operation _failed; // guarded by _gate: what failed during the trouble, the last of the order

    // In the order of what each proves to work when it succeeds: itself and those before it. Who gets a lease was given back the last one.
    private enum Operation
    {
        Read,
        Release,
        Lease,
        Write,
    }

    /// <summary>Since when the store has been failing, and with what; null while it works.</summary>
    public Trouble? Failing => Volatile.Read(ref _trouble);

    /// <summary>Reads the record; <c>Works</c> is false when the store cannot say.</summary>
    public async Task<(bool Works, TokenRecord? Record)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var record = await TimeLimit
                .RunAsync(
                    ct => store.ReadAsync(key, ct).AsTask(),
                    "Reading the token store",
                    _operationLimit,
                    time,
                    cancellationToken
                )
                .ConfigureAwait(false);
            Succeeded(Operation.Read);

            return (true, record);
        }
        catch (Exception exception) when (IsTrouble(exception, cancellationToken))
        {
            Failed(Operation.Read, exception);

            return (false, null);
        }
    }

    /// <summary>Waits for the lease; null when the store fails.</summary>
    /// <param name="works">Whether the store has just answered, so that a long wait means a busy lease and not a dead store.</param>
    /// <exception cref="TokenAcquisitionException">Somebody else holds the lease for longer than leases last.</exception>
    public async Task<ITokenLease?> AcquireLeaseAsync(bool works, CancellationToken cancellationToken)
    {
        try
        {
            var lease = await TimeLimit
                .RunAsync(
                    ct => store.AcquireLeaseAsync(key, ct).AsTask(),
                    "Waiting for the lease of the stored grant",
                    _leaseLimit,
                    time,
                    cancellationToken,
                    tooLate: static async lease => await lease.DisposeAsync().ConfigureAwait(false)
                )
                .ConfigureAwait(false);
            Succeeded(Operation.Lease);

            return lease;
        }
        catch (TimeoutException exception) when (works)
        {
            // Not the store's trouble: who holds the lease is at it still, and asking the vendor beside him would spend what he is spending.
            throw new TokenAcquisitionException(
                $"Provider '{providerName}' has waited {_leaseLimit.TotalSeconds:0} seconds for another process that is renewing the same grant. It is tried again.",
                exception
            )
            {
                ProviderName = providerName,
                IsTransient = true,
            };
        }
        catch (Exception exception) when (IsTrouble(exception, cancellationToken))
        {
            Failed(Operation.Lease, exception);

            return null;
        }
    }

    /// <summary>Writes the record; false when it is not stored.</summary>
    public async Task<bool> WriteAsync(ITokenLease lease, TokenRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var isStored = await TimeLimit
                .RunAsync(
                    async ct =>
                    {
                        await lease.WriteAsync(record, ct).ConfigureAwait(false);
                        return true;
                    },
                    "Writing to the token store",
                    _operationLimit,
                    time,
                    cancellationToken
                )
                .ConfigureAwait(false);
            Succeeded(Operation.Write);

            return isStored;
        }
        catch (Exception exception) when (IsTrouble(exception, cancellationToken))
        {
            Failed(Operation.Write, exception);

            return false;
        }
    }

    /// <summary>Gives the lease back; a store that fails at that lets it run out.</summary>
    public async Task ReleaseAsync(ITokenLease lease)
    {
        try
        {
            await TimeLimit
                .RunAsync(
                    async _ =>
                    {
                        await lease.DisposeAsync().ConfigureAwait(false);
                        return true;
                    },
                    "Giving back the lease of the stored grant",
                    _operationLimit,
                    time,
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (IsTrouble(exception, CancellationToken.None))
        {
            Failed(Operation.Release, exception);
        }
    }

    // Stores are other people's code too: whatever they throw, a caller with a usable token must not notice.
    private static bool IsTrouble(Exception exception, CancellationToken cancellationToken) =>
        exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested;

    private void Failed(Operation operation, Exception exception)
    {
        bool isFirst;
        lock (_gate)
        {
            isFirst = _trouble is null;
            if (isFirst)
                Volatile.Write(ref _trouble, new Trouble(time.GetUtcNow(), Cause(exception)));
            if (operation > _failed)
                _failed = operation;
        }

        Watchers.Tell(() => TokenMeter.StoreFailed(providerName, Name(operation)));
        if (isFirst)
            Watchers.Tell(() => LogFailing(logger, providerName, Cause(exception)));
    }

    private void Succeeded(Operation operation)
    {
        Trouble? ended;
        lock (_gate)
        {
            if (operation < _failed)
                return;

            ended = _trouble;
            Volatile.Write(ref _trouble, null);
            _failed = Operation.Read;
        }

        if (ended is not null)
            Watchers.Tell(() => LogWorksAgain(logger, providerName, ended.Since));
    }

    private static string Name(Operation operation) =>
        operation switch
        {
            Operation.Read => "read",
            Operation.Release => "release",
            Operation.Lease => "lease",
            _ => "write",
        };

    // Only messages that are known to show no secret.
    private static string Cause(Exception exception) =>
        exception is TokenStoreException or TimeoutException ? exception.Message : exception.GetType().Name;

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
