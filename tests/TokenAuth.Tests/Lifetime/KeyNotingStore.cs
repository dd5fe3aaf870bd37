namespace TokenAuth.Tests.Lifetime;

/// <summary>An empty store that only reads, and notes which keys it is asked for.</summary>
internal sealed class KeyNotingStore : ITokenStore
{
    public List<string> Keys { get; } = [];

    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        Keys.Add(key);

        return new ValueTask<TokenRecord?>((TokenRecord?)null);
    }

    public ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        Keys.Add(key);

        throw new TokenStoreException("The store only reads.");
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) =>
        throw new TokenStoreException("The store only reads.");
}
