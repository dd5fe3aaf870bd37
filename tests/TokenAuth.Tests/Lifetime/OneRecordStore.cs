namespace TokenAuth.Tests.Lifetime;

/// <summary>A store in memory, of whatever key.</summary>
internal sealed class OneRecordStore(TokenRecord? record) : ITokenStore, ITokenLease
{
    private readonly TaskCompletionSource<TokenRecord> _written = new();

    public TokenRecord? Record { get; set; } = record;

    public Task<TokenRecord> Written => _written.Task;

    public bool IsBusy { get; set; }

    public bool IsReadOnly { get; set; }

    /// <summary>Why the record cannot be opened; null when it can.</summary>
    public string? Fault { get; set; }

    /// <summary>What a write waits for.</summary>
    public Task Writable { get; set; } = Task.CompletedTask;

    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
        Fault is null ? new(Record) : throw new TokenStoreException(Fault);

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        if (Fault is not null)
            throw new TokenStoreException(Fault);
        if (IsBusy)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        return this;
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        Record = null;

        return default;
    }

    public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
    {
        await Writable;
        if (IsReadOnly)
            throw new TokenStoreException("read-only");
        Record = record;
        _written.TrySetResult(record);
    }

    public ValueTask DisposeAsync() => default;
}
