namespace TokenAuth.Benchmarks;

/// <summary>A store that keeps nothing here, so that what is measured is the process' own side of one.</summary>
internal sealed class EmptyStore : ITokenStore
{
    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) => default;

    public ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken) =>
        new(new Lease());

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) => default;

    private sealed class Lease : ITokenLease
    {
        public TokenRecord? Record => null;

        public ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;
    }
}
