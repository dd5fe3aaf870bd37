#if !NETSTANDARD_ASSEMBLY
using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Storage;

public sealed class FileTokenStoreTests : TokenStoreContract, IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CountedClock _clock;

    public FileTokenStoreTests() => _clock = new CountedClock(_time);

    [Fact]
    public async Task A_lease_is_not_taken_over_before_it_ends()
    {
        await using var held = await Open().AcquireLeaseAsync(Key, Cancellation);
        _time.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromTicks(1));

        using var impatient = new CancellationTokenSource();
        var waiting = Open().AcquireLeaseAsync(Key, impatient.Token).AsTask();
        await UntilItWaitsAsync(waiting);

        Assert.False(waiting.IsCompleted);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact, Trait("Failure", "43")]
    public async Task Damage_under_a_held_lease_does_not_cost_the_grant_that_is_written_next()
    {
        var store = Open();
        await store.WriteAsync("one");
        await using var lease = await store.AcquireLeaseAsync(Key, Cancellation);
        await File.WriteAllTextAsync(_directory.FileOf(Key, ".record"), "damage", Cancellation);

        await lease.WriteAsync(StoreRecords.Create("two"), Cancellation);

        Assert.Equal("two", await store.ReadTokenAsync());
        Assert.True(File.Exists(_directory.FileOf(Key, ".damaged")));
    }

    [Fact, Trait("Failure", "43")]
    public async Task Damage_that_a_reader_sets_aside_does_not_cost_the_grant_that_a_holder_writes_next()
    {
        var store = Open();
        await store.WriteAsync("one");
        await using var lease = await store.AcquireLeaseAsync(Key, Cancellation);
        await WriteContentAsync(Key, "damage"u8.ToArray());
        Assert.Null(await store.ReadTokenAsync());

        await lease.WriteAsync(StoreRecords.Create("two"), Cancellation);

        Assert.Equal("two", await store.ReadTokenAsync());
        Assert.Equal("damage"u8.ToArray(), await ReadDamagedAsync(Key));
    }

    [Theory, Trait("Failure", "47")]
    [InlineData("sealed with another key")]
    [InlineData("of a newer version")]
    public async Task Nothing_is_written_over_a_strange_record_that_appeared_under_a_held_lease(string strange)
    {
        await using var lease = await Open().AcquireLeaseAsync(Key, Cancellation);
        var content = strange.StartsWith("sealed", StringComparison.Ordinal)
            ? new TokenRecordSealer(new FileTokenStoreOptions { EncryptionKey = StoreRecords.NewEncryptionKey() }).Seal(
                Key,
                StoreRecords.Create("strange")
            )
            : SealedEnvelope.Write("0011223344556677", Key, "future"u8, format: 2);
        var file = _directory.FileOf(Key, ".record");
        await File.WriteAllBytesAsync(file, content, Cancellation);

        await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await lease.WriteAsync(StoreRecords.Create("mine"), Cancellation)
        );

        Assert.Equal(content, await File.ReadAllBytesAsync(file, Cancellation));
    }

    [Fact, Trait("Failure", "44")]
    public async Task Directory_and_files_are_for_the_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await Open().WriteAsync("one");

        Assert.Equal("rwx------", TestDirectory.Mode(_directory.Store));
        Assert.All(
            Directory.EnumerateFiles(_directory.Store),
            file => Assert.Equal("rw-------", TestDirectory.Mode(file))
        );
        Assert.Empty(Logs.Warnings);
    }

    [Fact, Trait("Failure", "44")]
    public async Task What_others_may_read_is_made_private_with_a_message()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await Open().WriteAsync("one");
        var file = _directory.FileOf(Key, ".record");
        TestDirectory.SetMode(_directory.Store, "rwxr-xr-x");
        TestDirectory.SetMode(file, "rw-r--r--");

        Assert.Equal("one", await Open().ReadTokenAsync());

        Assert.Equal("rwx------", TestDirectory.Mode(_directory.Store));
        Assert.Equal("rw-------", TestDirectory.Mode(file));
        Assert.Equal(
            [
                $"Warning 301: '{_directory.Store}' was open to other users; the token store has made it private.",
                $"Warning 301: '{file}' was open to other users; the token store has made it private.",
            ],
            Logs.Warnings
        );
    }

    [Fact, Trait("Failure", "44")]
    public async Task A_directory_that_others_use_too_is_refused_and_left_as_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        Directory.CreateDirectory(_directory.Store);
        TestDirectory.SetMode(_directory.Store, "rwxr-xr-x");
        await File.WriteAllTextAsync(Path.Combine(_directory.Store, "of-somebody-else"), "", Cancellation);

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().ReadTokenAsync());

        Assert.Equal(
            $"The store directory '{_directory.Store}' is open to other users and holds 'of-somebody-else', which is not the "
                + "store's; give the store a directory of its own, or make this one private (chmod 700).",
            error.Message
        );
        Assert.Equal("rwxr-xr-x", TestDirectory.Mode(_directory.Store));
    }

    [Fact, Trait("Failure", "44")]
    public async Task A_directory_that_is_a_symbolic_link_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_directory.Root, "elsewhere"));
        Directory.CreateSymbolicLink(_directory.Store, Path.Combine(_directory.Root, "elsewhere"));

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("one"));

        Assert.Equal(
            $"'{_directory.Store}' is a symbolic link, through which somebody else could choose where tokens go; "
                + "name the real directory, or remove the link.",
            error.Message
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_directory.Root, "elsewhere")));
    }

    [Theory, Trait("Failure", "44")]
    [InlineData(".record")]
    [InlineData(".gate")]
    [InlineData(".lease")]
    public async Task A_file_that_is_a_symbolic_link_is_refused(string suffix)
    {
        await Open().WriteAsync("one");
        var target = Path.Combine(_directory.Root, "elsewhere");
        await File.WriteAllTextAsync(target, "untouched", Cancellation);
        File.Delete(_directory.FileOf(Key, suffix));
        File.CreateSymbolicLink(_directory.FileOf(Key, suffix), target);

        await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("two"));

        Assert.Equal("untouched", await File.ReadAllTextAsync(target, Cancellation));
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_directory_that_cannot_be_made_is_a_typed_error()
    {
        await File.WriteAllTextAsync(_directory.Store, "a file where the directory should be", Cancellation);

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("one"));

        Assert.StartsWith(
            $"The token store in '{_directory.Store}' cannot be used (",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "). Check that the directory is writable for this user and that the disk is not full.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_write_that_fails_is_a_typed_error_and_leaves_the_old_record_whole()
    {
        await Open().WriteAsync("one");
        await using var lease = await Open().AcquireLeaseAsync(Key, Cancellation);

        // A directory where the record should be: nothing can be moved there, as on a full or read-only disk.
        File.Move(_directory.FileOf(Key, ".record"), _directory.FileOf(Key, ".kept"));
        Directory.CreateDirectory(Path.Combine(_directory.FileOf(Key, ".record"), "in-the-way"));
        await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await lease.WriteAsync(StoreRecords.Create("two"), Cancellation)
        );

        Assert.Empty(Directory.EnumerateFiles(_directory.Store, "*.tmp"));
        Directory.Delete(_directory.FileOf(Key, ".record"), recursive: true);
        File.Move(_directory.FileOf(Key, ".kept"), _directory.FileOf(Key, ".record"));
        Assert.Equal("one", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "42")]
    public async Task What_a_killed_writer_left_is_removed_at_the_next_start()
    {
        await Open().WriteAsync("one");
        var left = _directory.FileOf("another-key", ".0123456789abcdef.tmp");
        await File.WriteAllTextAsync(left, "half a record", Cancellation);

        await Open().ReadTokenAsync();

        Assert.False(File.Exists(left));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("Upper")]
    [InlineData("")]
    public async Task A_key_that_is_no_file_name_is_refused(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Open().ReadAsync(key, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Open().AcquireLeaseAsync(key, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Open().RemoveAsync(key, Cancellation));
    }

    [Fact]
    public async Task Without_encryption_the_file_says_so()
    {
        var store = new FileTokenStore(
            new FileTokenStoreOptions { Directory = _directory.Store, AllowUnencrypted = true }
        );

        await store.WriteAsync("one");

        var text = await File.ReadAllTextAsync(_directory.FileOf(Key, ".record"), Cancellation);
        Assert.StartsWith("TokenAuth/1 plain\n{", text, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _directory.Dispose();
        Logs.Dispose();
    }

    protected override ITokenStore Open(string encryptionKey) =>
        new FileTokenStore(
            new FileTokenStoreOptions { Directory = _directory.Store, EncryptionKey = encryptionKey },
            _clock,
            Logs
        );

    protected override ITokenStore OpenWithShortLease() => Open();

    protected override Task EndLeaseAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(20));

        return Task.CompletedTask;
    }

    protected override Task UntilItWaitsAsync(Task waiter)
    {
        var twiceMore = _clock.Looks + 2; // once each time the lease is tried: the second look comes after a vain attempt

        return Patience.Until(() => waiter.IsCompleted || _clock.Looks >= twiceMore);
    }

    protected override async Task<byte[]?> ReadContentAsync(string key) =>
        await ReadAsync(_directory.FileOf(key, ".record")) is { } content && !EmptyRecord.Is(content) ? content : null;

    protected override Task WriteContentAsync(string key, byte[] content) =>
        File.WriteAllBytesAsync(_directory.FileOf(key, ".record"), content, Cancellation);

    protected override Task<byte[]?> ReadDamagedAsync(string key) => ReadAsync(_directory.FileOf(key, ".damaged"));

    private static async Task<byte[]?> ReadAsync(string file) =>
        File.Exists(file) ? await File.ReadAllBytesAsync(file, Cancellation) : null;
}
#endif
