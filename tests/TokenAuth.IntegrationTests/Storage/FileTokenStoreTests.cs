using System.Diagnostics;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

public sealed class FileTokenStoreTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly RecordedLogs _logs = new();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();

    [Fact]
    public async Task An_empty_store_has_no_record()
    {
        Assert.Null(await Open().ReadAsync(StoreRecords.Key, TestRun.Cancellation));
    }

    [Fact]
    public async Task A_record_survives_its_process()
    {
        await Open().WriteAsync("one");
        await Open().WriteAsync("other", key: "another-key");

        Assert.Equal("one", await Open().ReadTokenAsync());
        Assert.Equal("other", await Open().ReadTokenAsync("another-key"));
    }

    [Fact]
    public async Task A_lease_brings_the_record_and_may_write_more_than_once()
    {
        await Open().WriteAsync("one");

        await using (var lease = await Open().AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation))
        {
            Assert.Equal("one", lease.Record?.Grant.AccessToken.Value);
            await lease.WriteAsync(StoreRecords.Create("two"), TestRun.Cancellation);
            await lease.WriteAsync(StoreRecords.Create("three"), TestRun.Cancellation);
        }

        Assert.Equal("three", await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task Reading_needs_no_lease()
    {
        var store = Open();
        await store.WriteAsync("one");

        await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);

        Assert.Equal("one", await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task A_lease_waits_for_the_one_before_it_and_sees_what_that_one_wrote()
    {
        var first = await Open().AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);

        var second = Open().AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation).AsTask();
        await Task.Delay(200, TestRun.Cancellation);
        Assert.False(second.IsCompleted);
        await first.WriteAsync(StoreRecords.Create("one"), TestRun.Cancellation);
        await first.DisposeAsync();

        await using var lease = await second.WaitAsync(TimeSpan.FromSeconds(5), TestRun.Cancellation);
        Assert.Equal("one", lease.Record?.Grant.AccessToken.Value);
    }

    [Fact]
    public async Task Leases_of_two_keys_do_not_wait_for_each_other()
    {
        var store = Open();
        await using var one = await store.AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);

        await using var other = await store
            .AcquireLeaseAsync("another-key", TestRun.Cancellation)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(5), TestRun.Cancellation);

        Assert.Null(other.Record);
    }

    [Fact]
    public async Task A_cancelled_waiter_leaves_and_takes_no_lease_with_it()
    {
        var held = await Open().AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Open().AcquireLeaseAsync(StoreRecords.Key, impatient.Token)
        );

        await held.DisposeAsync();
        await Open().WriteAsync("one");
    }

    [Fact, Trait("Failure", "40")]
    public async Task A_holder_that_stalls_beyond_the_lease_does_not_overwrite_a_newer_record()
    {
        var clock = new ManualTimeProvider();
        await using var stalled = await Open(clock).AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);
        clock.Advance(TimeSpan.FromSeconds(20) + TimeSpan.FromTicks(1));
        await Open(clock).WriteAsync("newer");

        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("older"), TestRun.Cancellation)
        );

        Assert.Equal(
            "The record 0123456789abcdef was written by another process after this one's lease had ended; "
                + "the newer record stays.",
            error.Message
        );
        Assert.Equal("newer", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "40")]
    public async Task A_late_write_is_kept_while_nobody_wrote_in_between()
    {
        var clock = new ManualTimeProvider();
        await using var stalled = await Open(clock).AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);
        clock.Advance(TimeSpan.FromSeconds(21));
        await using (await Open(clock).AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation)) { }

        await stalled.WriteAsync(StoreRecords.Create("late"), TestRun.Cancellation);

        Assert.Equal("late", await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task A_lease_is_not_taken_over_before_it_ends()
    {
        var clock = new ManualTimeProvider();
        await using var held = await Open(clock).AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);
        clock.Advance(TimeSpan.FromSeconds(20));

        var waiting = Open(clock).AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation).AsTask();
        await Task.Delay(200, TestRun.Cancellation); // the waiter asks once and then waits for the manual clock

        Assert.False(waiting.IsCompleted);
    }

    [Theory, Trait("Failure", "43")]
    [InlineData("truncated")]
    [InlineData("flipped")]
    [InlineData("emptied")]
    [InlineData("moved")]
    public async Task A_damaged_record_is_set_aside_reported_and_treated_as_absent(string damage)
    {
        var store = Open();
        await store.WriteAsync("one");
        await store.WriteAsync("other", key: "another-key");
        var file = _directory.FileOf(StoreRecords.Key, ".record");
        var content = await File.ReadAllBytesAsync(file, TestRun.Cancellation);
        byte[] damaged = damage switch
        {
            "truncated" => content[..^1],
            "flipped" => [.. content[..^40], (byte)(content[^40] ^ 4), .. content[^39..]],
            "moved" => await File.ReadAllBytesAsync(_directory.FileOf("another-key", ".record"), TestRun.Cancellation),
            _ => [],
        };
        await File.WriteAllBytesAsync(file, damaged, TestRun.Cancellation);

        Assert.Null(await store.ReadTokenAsync());

        var aside = _directory.FileOf(StoreRecords.Key, ".damaged");
        Assert.Equal(damaged, await File.ReadAllBytesAsync(aside, TestRun.Cancellation));
        Assert.False(File.Exists(file));
        var warning = Assert.Single(_logs.Warnings);
        Assert.StartsWith(
            $"The token record {StoreRecords.Key} is damaged and was set aside as '{aside}'; a new grant will be obtained.",
            warning,
            StringComparison.Ordinal
        );
        await store.WriteAsync("two");
        Assert.Equal("two", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "43")]
    public async Task Damage_that_a_lease_comes_upon_is_set_aside_too_and_the_newest_is_kept()
    {
        var store = Open();
        foreach (var damage in new[] { "first damage", "second damage" })
        {
            await store.WriteAsync("one");
            await File.WriteAllTextAsync(_directory.FileOf(StoreRecords.Key, ".record"), damage, TestRun.Cancellation);
            await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);
            Assert.Null(lease.Record);
        }

        var aside = await File.ReadAllTextAsync(_directory.FileOf(StoreRecords.Key, ".damaged"), TestRun.Cancellation);
        Assert.Equal("second damage", aside);
    }

    [Fact, Trait("Failure", "43")]
    public async Task Damage_under_a_held_lease_does_not_cost_the_grant_that_is_written_next()
    {
        var store = Open();
        await store.WriteAsync("one");
        await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);
        await File.WriteAllTextAsync(_directory.FileOf(StoreRecords.Key, ".record"), "damage", TestRun.Cancellation);

        await lease.WriteAsync(StoreRecords.Create("two"), TestRun.Cancellation);

        Assert.Equal("two", await store.ReadTokenAsync());
        Assert.True(File.Exists(_directory.FileOf(StoreRecords.Key, ".damaged")));
    }

    [Fact, Trait("Failure", "47")]
    public async Task A_record_sealed_with_another_key_stays_and_serves_again_with_the_right_key()
    {
        var store = Open();
        await store.WriteAsync("one");
        await using var lease = await store.AcquireLeaseAsync("another-key", TestRun.Cancellation);
        var stranger = new FileTokenStore(
            new FileTokenStoreOptions { Directory = _directory.Store, EncryptionKey = StoreRecords.NewEncryptionKey() }
        );
        var file = _directory.FileOf(StoreRecords.Key, ".record");
        var before = await File.ReadAllBytesAsync(file, TestRun.Cancellation);

        await Assert.ThrowsAsync<TokenStoreException>(() => stranger.ReadTokenAsync());
        await Assert.ThrowsAsync<TokenStoreException>(() => stranger.WriteAsync("two"));

        Assert.Equal(before, await File.ReadAllBytesAsync(file, TestRun.Cancellation));
        Assert.Equal("one", await store.ReadTokenAsync());
        await store.WriteAsync("three"); // and the refused lease is free again
    }

    [Theory, Trait("Failure", "47")]
    [InlineData("sealed with another key")]
    [InlineData("of a newer version")]
    public async Task Nothing_is_written_over_a_strange_record_that_appeared_under_a_held_lease(string strange)
    {
        await using var lease = await Open().AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);
        var content = strange.StartsWith("sealed", StringComparison.Ordinal)
            ? new TokenRecordSealer(new FileTokenStoreOptions { EncryptionKey = StoreRecords.NewEncryptionKey() }).Seal(
                StoreRecords.Key,
                StoreRecords.Create("strange")
            )
            : SealedEnvelope.Write("0011223344556677", StoreRecords.Key, "future"u8, format: 2);
        var file = _directory.FileOf(StoreRecords.Key, ".record");
        await File.WriteAllBytesAsync(file, content, TestRun.Cancellation);

        await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await lease.WriteAsync(StoreRecords.Create("mine"), TestRun.Cancellation)
        );

        Assert.Equal(content, await File.ReadAllBytesAsync(file, TestRun.Cancellation));
    }

    [Fact, Trait("Failure", "44")]
    public async Task Directory_and_files_are_for_the_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await Open().WriteAsync("one");

        Assert.Equal("rwx------", Mode(_directory.Store));
        Assert.All(Directory.EnumerateFiles(_directory.Store), file => Assert.Equal("rw-------", Mode(file)));
        Assert.Empty(_logs.Warnings);
    }

    [Fact, Trait("Failure", "44")]
    public async Task What_others_may_read_is_made_private_with_a_message()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await Open().WriteAsync("one");
        var file = _directory.FileOf(StoreRecords.Key, ".record");
        SetMode(_directory.Store, "rwxr-xr-x");
        SetMode(file, "rw-r--r--");

        Assert.Equal("one", await Open().ReadTokenAsync());

        Assert.Equal("rwx------", Mode(_directory.Store));
        Assert.Equal("rw-------", Mode(file));
        Assert.Equal(
            [
                $"'{_directory.Store}' was open to other users; the token store has made it private.",
                $"'{file}' was open to other users; the token store has made it private.",
            ],
            _logs.Warnings
        );
    }

    [Fact, Trait("Failure", "44")]
    public async Task A_directory_that_others_use_too_is_refused_and_left_as_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        Directory.CreateDirectory(_directory.Store);
        SetMode(_directory.Store, "rwxr-xr-x");
        await File.WriteAllTextAsync(Path.Combine(_directory.Store, "of-somebody-else"), "", TestRun.Cancellation);

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().ReadTokenAsync());

        Assert.Equal(
            $"The store directory '{_directory.Store}' is open to other users and holds 'of-somebody-else', which is not the "
                + "store's; give the store a directory of its own, or make this one private (chmod 700).",
            error.Message
        );
        Assert.Equal("rwxr-xr-x", Mode(_directory.Store));
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
        await File.WriteAllTextAsync(target, "untouched", TestRun.Cancellation);
        File.Delete(_directory.FileOf(StoreRecords.Key, suffix));
        File.CreateSymbolicLink(_directory.FileOf(StoreRecords.Key, suffix), target);

        await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("two"));

        Assert.Equal("untouched", await File.ReadAllTextAsync(target, TestRun.Cancellation));
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_directory_that_cannot_be_made_is_a_typed_error()
    {
        await File.WriteAllTextAsync(_directory.Store, "a file where the directory should be", TestRun.Cancellation);

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("one"));

        Assert.StartsWith(
            $"The token store in '{_directory.Store}' cannot be used (",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_write_that_fails_is_a_typed_error_and_leaves_the_old_record_whole()
    {
        await Open().WriteAsync("one");
        await using var lease = await Open().AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation);

        // A directory where the temporary file should be: nothing can be written, as on a full or read-only disk.
        Directory.CreateDirectory(Path.Combine(_directory.FileOf(StoreRecords.Key, ".tmp"), "in-the-way"));
        await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await lease.WriteAsync(StoreRecords.Create("two"), TestRun.Cancellation)
        );

        Assert.Equal("one", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "42")]
    public async Task What_a_killed_writer_left_is_removed_at_the_next_start()
    {
        await Open().WriteAsync("one");
        var left = _directory.FileOf("another-key", ".tmp");
        await File.WriteAllTextAsync(left, "half a record", TestRun.Cancellation);

        await Open().ReadTokenAsync();

        Assert.False(File.Exists(left));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("Upper")]
    [InlineData("")]
    public async Task A_key_that_is_no_file_name_is_refused(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Open().ReadAsync(key, TestRun.Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await Open().AcquireLeaseAsync(key, TestRun.Cancellation)
        );
    }

    [Fact]
    public async Task Without_encryption_the_file_says_so()
    {
        var store = new FileTokenStore(
            new FileTokenStoreOptions { Directory = _directory.Store, AllowUnencrypted = true }
        );

        await store.WriteAsync("one");

        var text = await File.ReadAllTextAsync(_directory.FileOf(StoreRecords.Key, ".record"), TestRun.Cancellation);
        Assert.StartsWith("TokenAuth/1 plain\n{", text, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    private FileTokenStore Open(TimeProvider? timeProvider = null) =>
        new(
            new FileTokenStoreOptions { Directory = _directory.Store, EncryptionKey = _encryptionKey },
            timeProvider,
            _logs
        );

    private static string Mode(string path)
    {
        const string letters = "rwxrwxrwx";
        var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

        return string.Concat(letters.Select((letter, i) => ((int)mode >> (8 - i) & 1) == 1 ? letter : '-'));
    }

    private static void SetMode(string path, string letters)
    {
        var mode = letters.Aggregate(0, (bits, letter) => (bits << 1) | (letter == '-' ? 0 : 1));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }
}
