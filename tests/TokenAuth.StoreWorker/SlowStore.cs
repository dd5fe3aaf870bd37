namespace TokenAuth.StoreWorker;

/// <summary>Says "writing" when a record is to be written, and takes a while over it.</summary>
internal sealed class SlowStore(ITokenStore store, TimeSpan write) : ITokenStore
{
    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
        store.ReadAsync(key, cancellationToken);

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken) =>
        new Lease(await store.AcquireLeaseAsync(key, cancellationToken), write);

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) =>
        store.RemoveAsync(key, cancellationToken);

    private sealed class Lease(ITokenLease lease, TimeSpan write) : ITokenLease
    {
        public TokenRecord? Record => lease.Record;

        public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
        {
            Console.WriteLine("writing");
            await Task.Delay(write, cancellationToken);
            await lease.WriteAsync(record, cancellationToken);
        }

        public ValueTask DisposeAsync() => lease.DisposeAsync();
    }
}
