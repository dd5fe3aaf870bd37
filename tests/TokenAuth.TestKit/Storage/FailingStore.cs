namespace TokenAuth.TestKit;

/// <summary>A store that fails whatever it is asked.</summary>
public sealed class FailingStore : ITokenStore
{
    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) => throw Failure();

    public ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken) => throw Failure();

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) => throw Failure();

    private static TokenStoreException Failure() => new("The disk is full.");
}
