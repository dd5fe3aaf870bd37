using System.Collections.Concurrent;

namespace TokenAuth.TestKit;

/// <summary>One record in memory, of whatever key: notes what is asked of it and does what the test says before each answer.</summary>
public sealed class ScriptedStore(TokenRecord? record = null) : ITokenStore, ITokenLease
{
    private readonly ConcurrentQueue<string> _operations = new();
    private readonly ConcurrentQueue<string> _keys = new();
    private readonly TaskCompletionSource<TokenRecord> _written = new();

    public TokenRecord? Record { get; set; } = record;

    public IReadOnlyCollection<string> Operations => _operations;

    /// <summary>The key of each read, lease and removal.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    /// <summary>The first record that was written.</summary>
    public Task<TokenRecord> Written => _written.Task;

    /// <summary>Told "read", "lease", "write", "release" or "remove"; what it throws is thrown.</summary>
    public Func<string, CancellationToken, Task>? Before { get; set; }

    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        _keys.Enqueue(key);
        await BeginAsync("read", cancellationToken);

        return Record;
    }

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        _keys.Enqueue(key);
        await BeginAsync("lease", cancellationToken);

        return this;
    }

    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        _keys.Enqueue(key);
        await BeginAsync("remove", cancellationToken);
        Record = null;
    }

    public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
    {
        await BeginAsync("write", cancellationToken);
        Record = record;
        _written.TrySetResult(record);
    }

    public async ValueTask DisposeAsync() => await BeginAsync("release", CancellationToken.None);

    public void FailAt(params string[] operations) =>
        Before = (operation, _) =>
            operations.Contains(operation, StringComparer.Ordinal)
                ? throw new TokenStoreException("The disk is full.")
                : Task.CompletedTask;

    /// <summary>That operation does not end before its caller gives up.</summary>
    public void StallAt(string stalling) =>
        Before = (operation, cancellationToken) =>
            operation == stalling
                ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                : Task.CompletedTask;

    private Task BeginAsync(string operation, CancellationToken cancellationToken)
    {
        _operations.Enqueue(operation);

        return Before?.Invoke(operation, cancellationToken) ?? Task.CompletedTask;
    }
}
