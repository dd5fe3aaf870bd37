namespace TokenAuth.StoreWorker;

/// <summary>Halts between the steps of a store.</summary>
internal sealed class HaltingStore(ITokenStore store, Halt halt) : ITokenStore
{
    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var record = await store.ReadAsync(key, cancellationToken);
        await halt.AtAsync("read");

        return record;
    }

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        var lease = await store.AcquireLeaseAsync(key, cancellationToken);
        await halt.AtAsync("leased");

        return new Lease(lease, halt);
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) =>
        store.RemoveAsync(key, cancellationToken);

    private sealed class Lease(ITokenLease lease, Halt halt) : ITokenLease
    {
        public TokenRecord? Record => lease.Record;

        public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
        {
            await lease.WriteAsync(record, cancellationToken);
            await halt.AtAsync("written");
        }

        public ValueTask DisposeAsync() => lease.DisposeAsync();
    }
}
