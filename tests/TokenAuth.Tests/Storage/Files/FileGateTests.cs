#if !NETSTANDARD_ASSEMBLY
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>A process that is frozen inside the gate: it has opened the files, and does nothing more until it wakes.</summary>
public sealed class FileGateTests : IDisposable
{
    private const string Key = StoreRecords.Key;

    private readonly TestDirectory _directory = new();
    private readonly RecordedLogs _logs = new();
    private readonly ManualTimeProvider _time = new();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private readonly RecordFiles _frozen;

    public FileGateTests()
    {
        var directory = new StoreDirectory(_directory.Store, _logs);
        directory.Prepare();
        _frozen = directory.For(Key);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Failure", "84")]
    public async Task A_gate_is_taken_over_and_who_was_frozen_inside_cannot_overwrite()
    {
        var store = Open();
        await store.WriteAsync("one");
        using var draft = FileDraft.Write(_frozen, "what the frozen process would write"u8);
        using var gate = _frozen.TryEnter(_time.GetUtcNow());
        Assert.NotNull(gate);

        _time.Advance(TimeSpan.FromSeconds(20));
        await store.WriteAsync("two");
        var moved = _frozen.TryReplace(draft);

        Assert.False(moved);
        Assert.Equal("two", await store.ReadTokenAsync());
        Assert.Equal("two", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "84")]
    public async Task A_gate_is_not_taken_over_before_its_time()
    {
        var store = Open();
        await store.WriteAsync("one");
        using var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        using (var gate = _frozen.TryEnter(_time.GetUtcNow()))
        {
            _time.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromTicks(1));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await store.AcquireLeaseAsync(Key, impatient.Token)
            );
        }

        await store.WriteAsync("two");
        Assert.False(File.Exists(_directory.FileOf(Key, ".gate-1")));
    }

    [Fact, Trait("Failure", "84")]
    public async Task Who_was_frozen_on_the_way_to_the_lease_does_not_take_it_from_its_new_holder()
    {
        using var draft = FileDraft.Create(_frozen);
        using var gate = _frozen.TryEnter(_time.GetUtcNow());
        _time.Advance(TimeSpan.FromSeconds(20));

        await using var holder = await Open().AcquireLeaseAsync(Key, Cancellation);
        var taken = _frozen.TryTakeLeaseOver(draft, _time.GetUtcNow());

        Assert.Null(taken);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Open().AcquireLeaseAsync(Key, impatient.Token)
        );
    }

    [Fact, Trait("Failure", "84")]
    public async Task Gates_are_taken_over_again_and_again()
    {
        var store = Open();
        var frozen = new List<IDisposable?>();
        for (var i = 0; i < 3; i++)
        {
            frozen.Add(new StoreDirectory(_directory.Store, _logs).For(Key).TryEnter(_time.GetUtcNow()));
            _time.Advance(TimeSpan.FromSeconds(20));
            await store.WriteAsync($"token-{i}");
        }

        Assert.All(frozen, Assert.NotNull);
        Assert.Equal("token-2", await Open().ReadTokenAsync());
        Assert.True(File.Exists(_directory.FileOf(Key, ".gate-3")));
        frozen.ForEach(gate => gate!.Dispose());
    }

    [Fact, Trait("Failure", "84")]
    public async Task A_writer_whose_draft_was_deleted_writes_another_one()
    {
        var store = Open();
        await using var lease = await store.AcquireLeaseAsync(Key, Cancellation);
        using (var gate = _frozen.TryEnter(_time.GetUtcNow()))
        {
            var write = lease.WriteAsync(StoreRecords.Create("one"), Cancellation).AsTask();
            while (!Directory.EnumerateFiles(_directory.Store, "*.tmp").Any())
                await Task.Yield();
            _frozen.DeleteDrafts();
            gate!.Dispose();
            await write;
        }

        Assert.Equal("one", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "84")]
    public async Task Nothing_slow_happens_inside_the_gate()
    {
        var store = Open();
        await using var lease = await store.AcquireLeaseAsync(Key, Cancellation);
        using var gate = _frozen.TryEnter(_time.GetUtcNow());

        var write = lease.WriteAsync(StoreRecords.Create("one"), Cancellation).AsTask();
        while (!Directory.EnumerateFiles(_directory.Store, "*.tmp").Any(draft => new FileInfo(draft).Length > 0))
            await Task.Yield();

        Assert.False(write.IsCompleted); // written beside the record, it waits for the gate
        gate!.Dispose();
        await write;
    }

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    private FileTokenStore Open() =>
        new(new FileTokenStoreOptions { Directory = _directory.Store, EncryptionKey = _encryptionKey }, _time, _logs);
}
#endif
