#if !NETSTANDARD_ASSEMBLY
using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Storage;

/// <summary>The store that other tests take for a real one keeps the contract of the real ones.</summary>
public sealed class MemoryTokenStoreTests : TokenStoreContract
{
    private readonly MemoryRecords _records = new();
    private readonly ManualTimeProvider _time = new();

    private MemoryTokenStore _newest = null!; // set by each Open

    protected override ITokenStore Open(string encryptionKey) =>
        _newest = new MemoryTokenStore(
            _records,
            new FileTokenStoreOptions { EncryptionKey = encryptionKey },
            _time,
            Logs
        );

    protected override ITokenStore OpenWithShortLease() => Open();

    protected override Task EndLeaseAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(20));

        return Task.CompletedTask;
    }

    // The newest store is the waiter's: its second attempt comes after a vain one.
    protected override Task UntilItWaitsAsync(Task waiter)
    {
        var store = _newest;

        return Patience.Until(() => waiter.IsCompleted || store.Attempts >= 2);
    }

    protected override Task<byte[]?> ReadContentAsync(string key) => Task.FromResult(_records.For(key).Content);

    protected override Task WriteContentAsync(string key, byte[] content)
    {
        _records.For(key).Content = content;

        return Task.CompletedTask;
    }

    protected override Task<byte[]?> ReadDamagedAsync(string key) => Task.FromResult(_records.For(key).Damaged);
}
#endif
