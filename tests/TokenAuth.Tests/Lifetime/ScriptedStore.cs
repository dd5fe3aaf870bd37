using System.Collections.Concurrent;

namespace TokenAuth.Tests.Lifetime;

/// <summary>A store in memory that says what was asked of it and does what the test says before each answer.</summary>
internal sealed class ScriptedStore : ITokenStore, ITokenLease
{
    private readonly ConcurrentQueue<string> _operations = new();

    public TokenRecord? Record { get; set; }

    public IReadOnlyCollection<string> Operations => _operations;

    /// <summary>Told "read", "lease", "write" or "release"; what it throws is thrown.</summary>
    public Func<string, Task>? Before { get; set; }

    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await BeginAsync("read");

        return Record;
    }

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        await BeginAsync("lease");

        return this;
    }

    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        await BeginAsync("remove");
        Record = null;
    }

    public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
    {
        await BeginAsync("write");
        Record = record;
    }

    public async ValueTask DisposeAsync() => await BeginAsync("release");

    public void FailAt(params string[] operations) =>
        Before = operation =>
            operations.Contains(operation, StringComparer.Ordinal)
                ? throw new TokenStoreException("The disk is full.")
                : Task.CompletedTask;

    private Task BeginAsync(string operation)
    {
        _operations.Enqueue(operation);

        return Before?.Invoke(operation) ?? Task.CompletedTask;
    }
}
