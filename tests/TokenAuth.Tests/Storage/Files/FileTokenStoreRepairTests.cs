#if !NETSTANDARD_ASSEMBLY
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Storage;

/// <summary>What the store finds in its directory that it did not leave there, and what it leaves itself.</summary>
public sealed class FileTokenStoreRepairTests : IDisposable
{
    private const string Key = StoreRecords.Key;

    private readonly TestDirectory _directory = new();
    private readonly RecordedLogs _logs = new();
    private readonly FileTokenStore _store;

    public FileTokenStoreRepairTests() => _store = Open(StoreRecords.NewEncryptionKey());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Removing_a_record_removes_what_killed_writers_of_it_left_too()
    {
        await _store.WriteAsync("one");
        var left = _directory.FileOf(Key, ".0123456789abcdef.tmp");
        var other = _directory.FileOf("another-key", ".0123456789abcdef.tmp");
        await File.WriteAllTextAsync(left, "a sealed record", Cancellation);
        await File.WriteAllTextAsync(other, "of another record", Cancellation);

        await _store.RemoveAsync(Key, Cancellation);

        Assert.False(File.Exists(left), "What is left of the record was kept.");
        Assert.True(File.Exists(other), "What belongs to another record was removed.");
    }

    [Fact, Trait("Failure", "42")]
    public async Task What_a_living_writer_has_under_way_stays()
    {
        await _store.WriteAsync("one");
        var draft = _directory.FileOf(Key, ".0123456789abcdef.tmp");

        using (FileLock.TryTake(draft))
            await Open(StoreRecords.NewEncryptionKey()).ReadAsync("another-key", Cancellation);

        Assert.True(File.Exists(draft));
    }

    [Fact, Trait("Failure", "42")]
    public async Task What_a_killed_writer_left_does_not_disturb_the_next_one()
    {
        await using var lease = await _store.AcquireLeaseAsync(Key, Cancellation);
        await File.WriteAllTextAsync(_directory.FileOf(Key, ".0123456789abcdef.tmp"), "half a record", Cancellation);

        await lease.WriteAsync(StoreRecords.Create("one"), Cancellation);

        Assert.Equal("one", await _store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_directory_that_vanished_under_a_held_lease_is_made_again()
    {
        await using var lease = await _store.AcquireLeaseAsync(Key, Cancellation);
        Directory.Delete(_directory.Store, recursive: true);

        await lease.WriteAsync(StoreRecords.Create("one"), Cancellation);

        Assert.Equal("one", await _store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "43")]
    public async Task Damage_is_left_to_whoever_is_at_the_files_already()
    {
        await _store.WriteAsync("one");
        await File.WriteAllTextAsync(_directory.FileOf(Key, ".record"), "damage", Cancellation);

        using (FileLock.TryTake(_directory.FileOf(Key, ".gate")))
            Assert.Null(await _store.ReadTokenAsync());

        Assert.True(File.Exists(_directory.FileOf(Key, ".record")));
        Assert.Empty(_logs.Warnings);
    }

    [Fact, Trait("Failure", "43")]
    public async Task Of_damage_the_log_says_where_it_went_and_what_it_was()
    {
        await _store.WriteAsync("one");
        await File.WriteAllTextAsync(_directory.FileOf(Key, ".record"), "damage", Cancellation);

        await _store.ReadTokenAsync();

        Assert.Equal(
            [
                $"Warning 302: The token record {Key} is damaged and was set aside as '{_directory.FileOf(Key, ".damaged")}'; "
                    + "a new grant will be obtained. The record is too short.",
            ],
            _logs.Warnings
        );
    }

    [Fact, Trait("Failure", "47")]
    public async Task The_lease_of_a_strange_record_is_free_as_soon_as_it_was_refused()
    {
        await _store.WriteAsync("one");

        await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await Open(StoreRecords.NewEncryptionKey()).AcquireLeaseAsync(Key, Cancellation)
        );

        using var free = FileLock.TryTake(_directory.FileOf(Key, ".lease"));
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Others_may_read_the_record_at_the_same_time()
    {
        await _store.WriteAsync("one");

        using var backup = new FileStream(
            _directory.FileOf(Key, ".record"),
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete
        );

        Assert.Equal("one", await _store.ReadTokenAsync());
    }

    [Fact]
    public async Task Nothing_stays_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists what a process has open.");
        await _store.WriteAsync("one");
        await _store.ReadTokenAsync();

        var open = Directory
            .EnumerateFileSystemEntries("/proc/self/fd")
            .Select(entry => new FileInfo(entry).LinkTarget ?? "");

        Assert.DoesNotContain(open, target => target.StartsWith(_directory.Store, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    private FileTokenStore Open(string encryptionKey) =>
        new(
            new FileTokenStoreOptions { Directory = _directory.Store, EncryptionKey = encryptionKey },
            loggerFactory: _logs
        );
}
#endif
