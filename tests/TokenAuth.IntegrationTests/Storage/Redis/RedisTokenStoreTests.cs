using StackExchange.Redis;

namespace TokenAuth.Tests.Storage;

public sealed class RedisTokenStoreTests(RedisFixture redis) : TokenStoreContract, IAsyncLifetime
{
    private static readonly TimeSpan _shortLease = TimeSpan.FromSeconds(1);

    private readonly List<RedisTokenStore> _stores = [];
    private readonly string _prefix = RedisFixture.NewPrefix();
    private string _configuration = "";
    private IDatabase _database = null!; // set before the first test

    public async ValueTask InitializeAsync()
    {
        _configuration = await redis.GetConfigurationAsync();
        _database = await redis.GetDatabaseAsync();
    }

    [Fact, Trait("Failure", "40")]
    public async Task A_late_writer_is_refused_while_another_process_holds_the_lease()
    {
        await using var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        await using var holder = await Open().AcquireLeaseAsync(Key, Cancellation);

        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("late"), Cancellation)
        );
        await holder.WriteAsync(StoreRecords.Create("in"), Cancellation);

        Assert.Equal(
            "The record 0123456789abcdef was not written: this process's lease has ended, and another process holds the lease now.",
            error.Message
        );
        Assert.Equal("in", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "40")]
    public async Task A_stalled_holder_does_not_give_back_the_lease_of_the_next_one()
    {
        var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        await using var holder = await Open().AcquireLeaseAsync(Key, Cancellation);

        await stalled.DisposeAsync();

        Assert.True(await _database.KeyExistsAsync(Place("lease")));
    }

    [Fact]
    public async Task A_lease_lasts_eighteen_seconds_and_ends_by_itself()
    {
        await using var lease = await Open().AcquireLeaseAsync(Key, Cancellation);

        var left = await _database.KeyTimeToLiveAsync(Place("lease"));

        Assert.InRange(left!.Value, TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(18));
    }

    [Fact]
    public async Task A_write_gives_the_lease_back()
    {
        await using var lease = await Open().AcquireLeaseAsync(Key, Cancellation);

        await lease.WriteAsync(StoreRecords.Create("one"), Cancellation);

        Assert.False(await _database.KeyExistsAsync(Place("lease")));
    }

    [Fact]
    public async Task A_record_stays_until_it_is_removed_and_the_mark_of_a_removed_one_for_a_day()
    {
        await Open().WriteAsync("one");
        Assert.Null(await _database.KeyTimeToLiveAsync(Place("record")));

        await Open().RemoveAsync(Key, Cancellation);

        var left = await _database.KeyTimeToLiveAsync(Place("record"));
        Assert.InRange(left!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task The_same_record_written_twice_has_different_bytes_also_when_it_is_not_sealed()
    {
        var store = OpenWith(new RedisTokenStoreOptions { AllowUnencrypted = true });
        var record = StoreRecords.Create("one");
        await using var lease = await store.AcquireLeaseAsync(Key, Cancellation);
        await lease.WriteAsync(record, Cancellation);
        var first = await ReadContentAsync(Key);

        await lease.WriteAsync(record, Cancellation);

        Assert.NotEqual(first, await ReadContentAsync(Key));
    }

    [Fact, Trait("Failure", "43")]
    public async Task A_record_beyond_a_mebibyte_is_set_aside_without_being_read()
    {
        await WriteContentAsync(Key, new byte[(1024 * 1024) + 1]);

        Assert.Null(await Open().ReadTokenAsync());

        Assert.Equal(
            $"Warning 341: The token record {Key} is damaged and was set aside in Redis under {Place("damaged")}; "
                + "a new grant will be obtained. It has 1048577 bytes.",
            Assert.Single(Logs.Warnings)
        );
        Assert.False(await _database.KeyExistsAsync(Place("record")));
        Assert.Equal((1024 * 1024) + 1, await _database.StringLengthAsync(Place("damaged")));
    }

    [Fact]
    public async Task A_key_that_another_application_uses_is_said()
    {
        await _database.ListLeftPushAsync(Place("record"), "theirs");

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().ReadTokenAsync());

        Assert.Equal(
            $"The Redis token store at {_configuration} (keys {_prefix}*) cannot be used: "
                + "WRONGTYPE Operation against a key holding the wrong kind of value. "
                + "Check the configuration, the state of the server and the rights of its user.",
            error.Message
        );
    }

    [Theory]
    [InlineData("a}b")]
    [InlineData("{")]
    [InlineData("Upper")]
    public async Task A_key_that_would_change_the_hash_slot_is_refused(string key)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            nameof(key),
            async () => await Open().ReadAsync(key, Cancellation)
        );

        Assert.Equal(
            "A store key has 1 to 128 characters of a-z, 0-9 and '-'; this one does not. (Parameter 'key')",
            error.Message
        );
    }

    [Fact]
    public async Task A_lease_whose_response_was_lost_is_found_by_the_repeated_command()
    {
        var owner = (RedisValue)Guid.NewGuid().ToByteArray();
        RedisKey[] keys = [Place("lease"), Place("record"), Place("damaged")];

        var first = await _database.ScriptEvaluateAsync(RedisScripts.Acquire, keys, [owner, 18000]);
        await _database.KeyExpireAsync(Place("lease"), TimeSpan.FromSeconds(5));
        var again = await _database.ScriptEvaluateAsync(RedisScripts.Acquire, keys, [owner, 18000]);
        var other = await _database.ScriptEvaluateAsync(RedisScripts.Acquire, keys, ["other", 18000]);

        Assert.Equal(("record", "record", "busy"), ((string?)first[0], (string?)again[0], (string?)other[0]));
        var left = await _database.KeyTimeToLiveAsync(Place("lease"));
        Assert.InRange(left!.Value, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(18)); // a whole one
    }

    [Fact]
    public async Task A_write_whose_response_was_lost_is_accepted_again_also_when_another_process_has_the_lease_by_then()
    {
        RedisKey[] keys = [Place("lease"), Place("record"), Place("damaged")];
        await _database.ScriptEvaluateAsync(RedisScripts.Acquire, keys, ["owner", 18000]);

        var first = await _database.ScriptEvaluateAsync(RedisScripts.Write, keys, ["owner", "", "content", ""]);
        await _database.ScriptEvaluateAsync(RedisScripts.Acquire, keys, ["other", 18000]);
        var again = await _database.ScriptEvaluateAsync(RedisScripts.Write, keys, ["owner", "", "content", ""]);

        Assert.Equal(("written", "written"), ((string?)first, (string?)again));
        Assert.Equal("other", await _database.StringGetAsync(Place("lease")));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        Logs.Dispose();
    }

    protected override string WhyNotBroughtBack =>
        "this process's lease has ended, and the record that it was for was removed or lost";

    protected override ITokenStore Open(string encryptionKey) =>
        OpenWith(new RedisTokenStoreOptions { EncryptionKey = encryptionKey });

    protected override ITokenStore OpenWithShortLease() =>
        OpenWith(new RedisTokenStoreOptions { EncryptionKey = EncryptionKey, Lease = _shortLease });

    protected override Task EndLeaseAsync() => Task.Delay(_shortLease * 1.2, Cancellation);

    // A waiter asks again and again, which nobody sees; one that need not wait is done long before.
    protected override Task UntilItWaitsAsync(Task waiter) => Task.Delay(200, Cancellation);

    protected override async Task<byte[]?> ReadContentAsync(string key) =>
        (byte[]?)await _database.StringGetAsync(Place("record", key)) is { } content && !RedisRemovedMark.Is(content)
            ? content
            : null;

    protected override Task WriteContentAsync(string key, byte[] content) =>
        _database.StringSetAsync(Place("record", key), content);

    protected override async Task<byte[]?> ReadDamagedAsync(string key) =>
        await _database.StringGetAsync(Place("damaged", key));

    private string Place(string which, string key = Key) => $"{_prefix}{{{key}}}:{which}";

    private RedisTokenStore OpenWith(RedisTokenStoreOptions options)
    {
        options.KeyPrefix = _prefix;
        var store = new RedisTokenStore(_configuration, options, loggerFactory: Logs);
        _stores.Add(store);

        return store;
    }
}
