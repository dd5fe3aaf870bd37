namespace TokenAuth.Tests.Storage;

/// <summary>A store of a process that loses the race for the next lease: it may ask for one only when another process has that.</summary>
internal sealed class LosingStore(ITokenStore store, Task lost) : ITokenStore
{
    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
        store.ReadAsync(key, cancellationToken);

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        await lost.WaitAsync(cancellationToken);

        return await store.AcquireLeaseAsync(key, cancellationToken);
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) =>
        store.RemoveAsync(key, cancellationToken);
}
