using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>A store as the engine uses it: every operation has a time limit, and an outage is never the caller's.</summary>
internal sealed class GrantStore
{
    public static readonly TimeSpan LeaseLimit = TimeSpan.FromSeconds(21); // a lease lasts 20
    private static readonly TimeSpan _operationLimit = TimeSpan.FromSeconds(2);

    private readonly ITokenStore _store;
    private readonly string _providerName;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string? _key;
    private StoreOutage? _outage; // made at the first outage
    private int _readings; // how often the store has said what it has
    private volatile bool _readsFail;

    /// <param name="key">Null where it is a tenant's.</param>
    public GrantStore(ITokenStore store, string? key, string providerName, TimeProvider time, ILogger logger)
    {
        _store = store;
        _key = key;
        _providerName = providerName;
        _time = time;
        _logger = logger;
    }

    /// <summary>The tenant whose grants these are; null where they are of none, and the key was given.</summary>
    public string? Tenant { get; init; }

    // Hashed when the store is first used. A benign race: every hash is the same.
    private string Key => _key ??= TenantStoreKey.For(_providerName, Tenant!);

    private StoreOutage Outage =>
        LazyInitializer.EnsureInitialized(ref _outage, () => new StoreOutage(_providerName, _time, _logger))!;

    // Made for each use: of a hundred thousand tenants most do nothing.
    private TimeLimit Reading => new("Reading the token store", _operationLimit, _time);

    private TimeLimit Leasing => new("Waiting for the lease of the stored grant", LeaseLimit, _time);

    private TimeLimit Writing => new("Writing to the token store", _operationLimit, _time);

    private TimeLimit Releasing => new("Giving back the lease of the stored grant", _operationLimit, _time);

    /// <summary>The outage of the store: since when and why it has been failing; null while it works.</summary>
    public OutageReport? Failing => Volatile.Read(ref _outage)?.Current;

    /// <summary>False when the last read failed. An outage of leases or writes does not keep the store from being read.</summary>
    public bool IsReadable => !_readsFail;

    /// <summary>Reads the record; <c>HasRead</c> is false when the store cannot say.</summary>
    public async Task<(bool HasRead, TokenRecord? Record)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var record = await Reading
                .RunAsync(end => _store.ReadAsync(Key, end).AsTask(), cancellationToken)
                .ConfigureAwait(false);
            Interlocked.Increment(ref _readings);
            _readsFail = false;
            Volatile.Read(ref _outage)?.Succeeded(StoreOperation.Read);

            return (true, record);
        }
        catch (Exception exception) when (IsOutage(exception, cancellationToken))
        {
            _readsFail = true;
            Outage.Failed(StoreOperation.Read, exception);

            return (false, null);
        }
    }

    /// <summary>Waits for the lease.</summary>
    /// <param name="hasRead">
    /// Whether the store has just said what it has. If it has, or does so during the wait, a long wait means a busy lease and not a dead store.
    /// </param>
    public async Task<LeaseAttempt> AcquireLeaseAsync(bool hasRead, CancellationToken cancellationToken)
    {
        var readings = Volatile.Read(ref _readings);
        try
        {
            var lease = await Leasing
                .RunAsync(
                    end => _store.AcquireLeaseAsync(Key, end).AsTask(),
                    cancellationToken,
                    giveBack: static late => late.DisposeAsync().AsTask()
                )
                .ConfigureAwait(false);
            _readsFail = false; // it came with the record
            Volatile.Read(ref _outage)?.Succeeded(StoreOperation.Lease);

            return new LeaseAttempt.Taken(lease);
        }
        catch (TimeLimitException) when (hasRead || Volatile.Read(ref _readings) != readings)
        {
            return new LeaseAttempt.Busy();
        }
        catch (Exception exception) when (IsOutage(exception, cancellationToken))
        {
            Outage.Failed(StoreOperation.Lease, exception);

            return new LeaseAttempt.Failed();
        }
    }

    /// <summary>Writes the record; false when it is not stored.</summary>
    public async Task<bool> WriteAsync(ITokenLease lease, TokenRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await Writing
                .RunAsync(end => lease.WriteAsync(record, end).AsTask(), cancellationToken)
                .ConfigureAwait(false);
            _readsFail = false; // a store that writes is asked again
            Volatile.Read(ref _outage)?.Succeeded(StoreOperation.Write);

            return true;
        }
        catch (Exception exception) when (IsOutage(exception, cancellationToken))
        {
            Outage.Failed(StoreOperation.Write, exception);

            return false;
        }
    }

    /// <summary>Ends the outage under a lease whose holder has nothing to write: no write will show that the store works again.</summary>
    public void HasNothingToWrite() => Volatile.Read(ref _outage)?.Succeeded(StoreOperation.Write);

    /// <summary>True when the store takes a record. The check does not change what the store has.</summary>
    public async Task<bool> CanKeepAsync(CancellationToken cancellationToken)
    {
        var attempt = await AcquireLeaseAsync(hasRead: true, cancellationToken).ConfigureAwait(false);
        if (attempt is not LeaseAttempt.Taken { Lease: var lease })
            return attempt is LeaseAttempt.Busy; // somebody else writes there

        try
        {
            return lease.Record is not { } record
                || await WriteAsync(lease, record, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ReleaseAsync(lease).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the lease back; a store that fails at that lets it run out.</summary>
    public async Task ReleaseAsync(ITokenLease lease)
    {
        try
        {
            await Releasing.RunAsync(_ => lease.DisposeAsync().AsTask(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOutage(exception, CancellationToken.None))
        {
            Outage.Failed(StoreOperation.Release, exception);
        }
    }

    // Stores are other people's code too: whatever they throw, a caller with a usable token must not notice.
    private static bool IsOutage(Exception exception, CancellationToken cancellationToken) =>
        exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested;
}
