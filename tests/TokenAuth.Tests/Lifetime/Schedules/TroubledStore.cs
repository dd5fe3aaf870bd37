namespace TokenAuth.Tests.Lifetime.Schedules;

/// <summary>A store of this process that fails now and then at each thing it does, and loses a race now and then.</summary>
internal sealed class TroubledStore(Random random) : ITokenStore
{
    private TokenRecord? _record;

    /// <summary>As another process writes.</summary>
    public void Put(TokenRecord record) => _record = record;

    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
        Fails() ? throw new TokenStoreException("down") : new ValueTask<TokenRecord?>(_record);

    public ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken) =>
        Fails() ? throw new TokenStoreException("down") : new ValueTask<ITokenLease>(new Lease(this));

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        if (Fails())
            throw new TokenStoreException("down");
        _record = null;

        return default;
    }

    private bool Fails()
    {
        lock (random) // a grant may be stored late, beside whatever else is going on
            return random.Next(6) == 0;
    }

    private sealed class Lease(TroubledStore store) : ITokenLease
    {
        public TokenRecord? Record => store._record;

        public ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
        {
            if (store.Fails())
                throw new TokenStoreException("another process has written since");
            store._record = record;

            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
