using System.Diagnostics;

namespace TokenAuth.TestKit;

/// <summary>
/// The contract of <see cref="ITokenStore"/>: every store runs all of these tests, each test with a store that is empty.
/// </summary>
public abstract class TokenStoreContract
{
    protected const string Key = StoreRecords.Key;

    protected string EncryptionKey { get; } = StoreRecords.NewEncryptionKey();

    protected RecordedLogs Logs { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_store_has_no_record()
    {
        var store = Open();

        Assert.Null(await store.ReadAsync(Key, Cancellation));
    }

    [Fact]
    public async Task A_record_survives_its_store()
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

        await using (var lease = await Open().AcquireLeaseAsync(Key, Cancellation))
        {
            Assert.Equal("one", lease.Record?.Grant.AccessToken.Value);
            await lease.WriteAsync(StoreRecords.Create("two"), Cancellation);
            await lease.WriteAsync(StoreRecords.Create("three"), Cancellation);
        }

        Assert.Equal("three", await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task Reading_needs_no_lease()
    {
        var store = Open();
        await store.WriteAsync("one");

        await using var lease = await store.AcquireLeaseAsync(Key, Cancellation);

        Assert.Equal("one", await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task A_lease_waits_for_the_one_before_it_and_sees_what_that_one_wrote()
    {
        var first = await Open().AcquireLeaseAsync(Key, Cancellation);

        var second = Open().AcquireLeaseAsync(Key, Cancellation).AsTask();
        await UntilItWaitsAsync(second);
        Assert.False(second.IsCompleted);
        await first.WriteAsync(StoreRecords.Create("one"), Cancellation);
        await first.DisposeAsync();

        await using var lease = await second.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal("one", lease.Record?.Grant.AccessToken.Value);
    }

    [Fact]
    public async Task Many_waiters_of_several_instances_get_the_lease_one_after_the_other()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => Open()).ToList();
        var holders = 0;

        var turns = Enumerable
            .Range(0, 20)
            .Select(async i =>
            {
                await using var lease = await stores[i % 4].AcquireLeaseAsync(Key, Cancellation);
                Assert.Equal(1, Interlocked.Increment(ref holders));
                await Task.Yield();
                Interlocked.Decrement(ref holders);
            });

        await Task.WhenAll(turns).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Fact]
    public async Task Leases_of_two_keys_do_not_wait_for_each_other()
    {
        var store = Open();
        await using var one = await store.AcquireLeaseAsync(Key, Cancellation);

        await using var other = await store
            .AcquireLeaseAsync("another-key", Cancellation)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Null(other.Record);
    }

    [Fact]
    public async Task A_cancelled_waiter_leaves_and_takes_no_lease_with_it()
    {
        var held = await Open().AcquireLeaseAsync(Key, Cancellation);
        using var impatient = new CancellationTokenSource();
        var waiting = Open().AcquireLeaseAsync(Key, impatient.Token).AsTask();
        await UntilItWaitsAsync(waiting);

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await held.DisposeAsync();
        await Open().WriteAsync("one");
    }

    [Theory]
    [Trait("Failure", "83")]
    [InlineData("Not_A_Key")]
    [InlineData("../key")]
    [InlineData("")]
    public async Task A_text_that_is_no_key_is_refused_by_each_operation(string key)
    {
        var store = Open();

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.ReadAsync(key, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.AcquireLeaseAsync(key, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.RemoveAsync(key, Cancellation));
    }

    [Fact]
    [Trait("Failure", "83")]
    public async Task A_write_that_is_cancelled_while_it_begins_leaves_no_lease_behind()
    {
        using var cancelled = new CancellationTokenSource();
        var lease = await Open().AcquireLeaseAsync(Key, Cancellation);

        var error = await Record.ExceptionAsync(async () =>
            await lease.WriteAsync(StoreRecords.CreateThatCancels(cancelled), cancelled.Token)
        );
        await lease.DisposeAsync();

        Assert.True(cancelled.IsCancellationRequested);
        Assert.True(error is null or OperationCanceledException, error?.ToString()); // null where the store was faster

        await Open().TakeLeaseAsync(within: TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_is_cancelled_beforehand_is_not_done()
    {
        var store = Open();
        await using var lease = await store.AcquireLeaseAsync(Key, Cancellation);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.ReadAsync(Key, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await store.AcquireLeaseAsync("another-key", cancelled)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await lease.WriteAsync(StoreRecords.Create("one"), cancelled)
        );

        Assert.Null(await store.ReadTokenAsync());
    }

    [Fact]
    public async Task No_record_is_written_for_none()
    {
        await using var lease = await Open().AcquireLeaseAsync(Key, Cancellation);

        await Assert.ThrowsAsync<ArgumentNullException>(
            "record",
            async () => await lease.WriteAsync(null!, Cancellation)
        );

        Assert.Null(await ReadContentAsync(Key));
    }

    [Fact]
    public async Task A_lease_that_wrote_nothing_is_free_again()
    {
        await using (await Open().AcquireLeaseAsync(Key, Cancellation)) { }

        await using var lease = await Open()
            .AcquireLeaseAsync(Key, Cancellation)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Null(lease.Record);
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
        var content = (await ReadContentAsync(Key))!;
        var damaged = damage switch
        {
            "truncated" => content[..^1],
            "flipped" => [.. content[..^40], (byte)(content[^40] ^ 4), .. content[^39..]],
            "moved" => (await ReadContentAsync("another-key"))!,
            _ => [],
        };
        await WriteContentAsync(Key, damaged);

        Assert.Null(await store.ReadTokenAsync());

        Assert.Equal(damaged, await ReadDamagedAsync(Key));
        Assert.Null(await ReadContentAsync(Key));
        var warning = Assert.Single(Logs.Warnings);
        Assert.Contains($": The token record {Key} is damaged and was set aside ", warning, StringComparison.Ordinal);
        await store.WriteAsync("two");
        Assert.Equal("two", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "43")]
    public async Task Damage_that_a_lease_comes_upon_is_set_aside_too_and_the_newest_is_kept()
    {
        var store = Open();
        foreach (var damage in new[] { "first damage"u8.ToArray(), "second damage"u8.ToArray() })
        {
            await store.WriteAsync("one");
            await WriteContentAsync(Key, damage);
            await using var lease = await store.AcquireLeaseAsync(Key, Cancellation);
            Assert.Null(lease.Record);
        }

        Assert.Equal("second damage"u8.ToArray(), await ReadDamagedAsync(Key));
    }

    [Fact, Trait("Failure", "47")]
    public async Task A_record_sealed_with_another_key_stays_and_serves_again_with_the_right_key()
    {
        var store = Open();
        await store.WriteAsync("one");
        var before = await ReadContentAsync(Key);
        var stranger = Open(StoreRecords.NewEncryptionKey());

        await Assert.ThrowsAsync<TokenStoreException>(() => stranger.ReadTokenAsync());
        await Assert.ThrowsAsync<TokenStoreException>(() => stranger.WriteAsync("two"));

        Assert.Equal(before, await ReadContentAsync(Key));
        Assert.Null(await ReadDamagedAsync(Key));
        Assert.Equal("one", await store.ReadTokenAsync());
        await store.WriteAsync("three"); // and the refused lease is free again
    }

    [Fact, Trait("Failure", "47")]
    public async Task A_record_of_a_newer_version_stays()
    {
        var store = Open();
        await store.WriteAsync("one");
        var newer = SealedEnvelope.Write("0011223344556677", Key, "future"u8, format: 2);
        await WriteContentAsync(Key, newer);

        await Assert.ThrowsAsync<TokenStoreException>(() => store.ReadTokenAsync());
        await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("two"));

        Assert.Equal(newer, await ReadContentAsync(Key));
        Assert.Null(await ReadDamagedAsync(Key));
    }

    [Fact]
    public async Task A_removed_record_is_gone_and_its_key_may_be_used_again()
    {
        var store = Open();
        await store.WriteAsync("one");
        await store.WriteAsync("other", key: "another-key");

        await store.RemoveAsync(Key, Cancellation);

        Assert.Null(await Open().ReadTokenAsync());
        Assert.Null(await ReadContentAsync(Key));
        Assert.Equal("other", await Open().ReadTokenAsync("another-key"));
        await using (var lease = await Open().AcquireLeaseAsync(Key, Cancellation))
            Assert.Null(lease.Record);
        await Open().WriteAsync("two");
        Assert.Equal("two", await Open().ReadTokenAsync());
        Assert.Empty(Logs.Warnings);
    }

    [Fact]
    public async Task Removing_forgets_a_damaged_record_too()
    {
        var store = Open();
        await store.WriteAsync("one");
        await WriteContentAsync(Key, "damage"u8.ToArray());
        Assert.Null(await store.ReadTokenAsync());

        await store.RemoveAsync(Key, Cancellation);

        Assert.Null(await ReadDamagedAsync(Key));
    }

    [Fact]
    public async Task A_key_without_a_record_may_be_removed()
    {
        await Open().RemoveAsync(Key, Cancellation);
        await Open().RemoveAsync(Key, Cancellation);

        Assert.Null(await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task Removing_waits_for_the_holder_and_forgets_what_it_wrote()
    {
        var lease = await Open().AcquireLeaseAsync(Key, Cancellation);

        var removal = Open().RemoveAsync(Key, Cancellation).AsTask();
        await UntilItWaitsAsync(removal);
        Assert.False(removal.IsCompleted);
        await lease.WriteAsync(StoreRecords.Create("one"), Cancellation);
        await lease.DisposeAsync();

        await removal.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Null(await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task A_cancelled_removal_removes_nothing()
    {
        await Open().WriteAsync("one");
        await using var held = await Open().AcquireLeaseAsync(Key, Cancellation);
        using var impatient = new CancellationTokenSource();
        var removal = Open().RemoveAsync(Key, impatient.Token).AsTask();
        await UntilItWaitsAsync(removal);

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removal);
        Assert.Equal("one", await Open().ReadTokenAsync());
    }

    [Theory, Trait("Failure", "40")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_late_write_does_not_bring_a_removed_record_back(bool hadRecord)
    {
        if (hadRecord)
            await Open().WriteAsync("one");
        await using var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        if (!hadRecord)
            await Open().WriteAsync("one");
        await Open().RemoveAsync(Key, Cancellation);

        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("late"), Cancellation)
        );

        Assert.Equal($"The record 0123456789abcdef was not written: {WhyNotBroughtBack}.", error.Message);
        Assert.Null(await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "47")]
    public async Task A_record_sealed_with_another_key_is_not_removed()
    {
        await Open().WriteAsync("one");

        await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await Open(StoreRecords.NewEncryptionKey()).RemoveAsync(Key, Cancellation)
        );

        Assert.Equal("one", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "40")]
    public async Task A_holder_that_stalls_beyond_the_lease_does_not_overwrite_a_newer_record()
    {
        await using var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        await Open().WriteAsync("newer");

        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("older"), Cancellation)
        );

        Assert.Equal(
            "The record 0123456789abcdef was written by another process after this one's lease had ended; "
                + "the newer record stays.",
            error.Message
        );
        Assert.Equal("newer", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "90")]
    public async Task A_late_write_is_refused_while_another_process_holds_the_lease()
    {
        await using var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        await using var holder = await Open().AcquireLeaseAsync(Key, Cancellation);

        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("late"), Cancellation)
        );
        await holder.WriteAsync(StoreRecords.Create("one"), Cancellation);

        Assert.Equal(
            "The record 0123456789abcdef was not written: this process's lease has ended, and another process holds the lease now.",
            error.Message
        );
        Assert.Equal("one", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "83")]
    public async Task A_lease_that_comes_as_its_waiter_leaves_is_given_back()
    {
        var stores = Enumerable.Range(0, 3).Select(_ => Open()).ToList();
        foreach (var store in stores)
            await store.TakeLeaseAsync();
        var asking = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++)
            await stores[i % 3].TakeLeaseAsync();
        var usual = asking.Elapsed / 10;
        var random = new Random(83);

        for (var round = 0; round < 150; round++)
        {
            // Cancelled while the store is about to give it, a little earlier or later each time.
            using var impatient = new CancellationTokenSource();
            var asked = stores[round % 3].AcquireLeaseAsync(Key, impatient.Token).AsTask();
            var patience = usual * random.NextDouble();
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < patience; )
                Thread.SpinWait(20);
            await impatient.CancelAsync();
            try
            {
                await (await asked).DisposeAsync();
            }
            catch (OperationCanceledException) { }

            await stores[(round + 1) % 3].TakeLeaseAsync(within: TimeSpan.FromSeconds(10));
        }
    }

    [Fact, Trait("Failure", "40")]
    public async Task A_late_write_is_kept_while_nobody_wrote_in_between()
    {
        await using var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        await Open().TakeLeaseAsync();

        await stalled.WriteAsync(StoreRecords.Create("late"), Cancellation);

        Assert.Equal("late", await Open().ReadTokenAsync());
    }

    /// <summary>What a store says of a late write after a removal; one that keeps no trace of it cannot be as sure.</summary>
    protected virtual string WhyNotBroughtBack => "it was removed after it had been leased, and stays removed";

    protected ITokenStore Open() => Open(EncryptionKey);

    protected abstract ITokenStore Open(string encryptionKey);

    /// <summary>Another one, whose leases end within seconds if a test waits for that in real time.</summary>
    protected abstract ITokenStore OpenWithShortLease();

    /// <summary>Lets the leases of <see cref="OpenWithShortLease"/> end, as time does; nobody has taken them over yet.</summary>
    protected abstract Task EndLeaseAsync();

    /// <summary>Returns when the waiter has found the lease taken, or has got it after all.</summary>
    protected abstract Task UntilItWaitsAsync(Task waiter);

    /// <summary>The bytes that stand in the record's place; null when there are none.</summary>
    protected abstract Task<byte[]?> ReadContentAsync(string key);

    /// <summary>Puts other bytes there, as no store does.</summary>
    protected abstract Task WriteContentAsync(string key, byte[] content);

    protected abstract Task<byte[]?> ReadDamagedAsync(string key);
}
