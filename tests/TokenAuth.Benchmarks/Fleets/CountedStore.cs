using System.Collections.Concurrent;

namespace TokenAuth.Benchmarks;

/// <summary>A store in memory for one fleet that counts what it is asked.</summary>
internal sealed class CountedStore : ITokenStore
{
    private readonly ConcurrentDictionary<string, TokenRecord> _records = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _lease = new(1);
    private int _reads;
    private int _leases;
    private int _writes; // all through Interlocked

    public int Reads => Volatile.Read(ref _reads);

    public int Leases => Volatile.Read(ref _leases);

    public int Writes => Volatile.Read(ref _writes);

    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);

        return new(_records.GetValueOrDefault(key));
    }

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        await _lease.WaitAsync(cancellationToken);
        Interlocked.Increment(ref _leases);

        return new Lease(this, key);
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    private sealed class Lease(CountedStore store, string key) : ITokenLease
    {
        public TokenRecord? Record => store._records.GetValueOrDefault(key);

        public ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref store._writes);
            store._records[key] = record;

            return default;
        }

        public ValueTask DisposeAsync()
        {
            store._lease.Release();

            return default;
        }
    }
}
