using System.Collections.Concurrent;

namespace TokenAuth.Tests.Tenants.Schedules;

/// <summary>A store of many records that fails now and then at each thing it does.</summary>
internal sealed class KeyedTroubledStore(Random random) : ITokenStore
{
    private readonly ConcurrentDictionary<string, TokenRecord> _records = new(StringComparer.Ordinal);

    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
        Fails() ? throw new TokenStoreException("down") : new(_records.GetValueOrDefault(key));

    public ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken) =>
        Fails() ? throw new TokenStoreException("down") : new(new Lease(this, key));

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        if (Fails())
            throw new TokenStoreException("down");
        _records.TryRemove(key, out _);

        return default;
    }

    private bool Fails()
    {
        lock (random) // tenants use it beside each other
            return random.Next(8) == 0;
    }

    private sealed class Lease(KeyedTroubledStore store, string key) : ITokenLease
    {
        public TokenRecord? Record => store._records.GetValueOrDefault(key);

        public ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
        {
            if (store.Fails())
                throw new TokenStoreException("another process has written since");
            store._records[key] = record;

            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
