namespace TokenAuth.Tests.Lifetime;

/// <summary>A store that never answers a read, and brings a record with its lease.</summary>
internal sealed class SlowReadStore(TokenRecord record) : ITokenStore, ITokenLease
{
    private readonly TaskCompletionSource _readStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task ReadStarted => _readStarted.Task;

    public TokenRecord? Record => record;

    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        _readStarted.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        return null;
    }

    public ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken) => new(this);

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) => default;

    public ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken) => default;

    public ValueTask DisposeAsync() => default;
}
