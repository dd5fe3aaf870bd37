using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// A store as the engine uses it: every operation has a time limit, and trouble is never the caller's.
/// </summary>
internal sealed class GrantStore(ITokenStore store, string key, string providerName, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _operationLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _leaseLimit = TimeSpan.FromSeconds(21); // a lease lasts 20

    private readonly StoreTrouble _trouble = new(providerName, time, logger);

    /// <summary>Since when the store has been failing, and with what; null while it works.</summary>
    public Trouble? Failing => _trouble.Current;

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
            _trouble.Succeeded(StoreOperation.Read);

            return (true, record);
        }
        catch (Exception exception) when (IsTrouble(exception, cancellationToken))
        {
            _trouble.Failed(StoreOperation.Read, exception);

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
            _trouble.Succeeded(StoreOperation.Lease);

            return lease;
        }
        catch (TimeLimitException exception) when (works)
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
            _trouble.Failed(StoreOperation.Lease, exception);

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
            _trouble.Succeeded(StoreOperation.Write);

            return isStored;
        }
        catch (Exception exception) when (IsTrouble(exception, cancellationToken))
        {
            _trouble.Failed(StoreOperation.Write, exception);

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
            _trouble.Failed(StoreOperation.Release, exception);
        }
    }

    // Stores are other people's code too: whatever they throw, a caller with a usable token must not notice.
    private static bool IsTrouble(Exception exception, CancellationToken cancellationToken) =>
        exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested;
}
