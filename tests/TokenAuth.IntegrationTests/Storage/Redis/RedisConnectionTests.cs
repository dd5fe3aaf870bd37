using System.Diagnostics;
using Fleet;
using StackExchange.Redis;

namespace TokenAuth.Tests.Storage;

/// <summary>Connections of the application, users with few rights, servers that drop keys.</summary>
public sealed class RedisConnectionTests : IDisposable
{
    private const string Policy =
        "Warning 342: The Redis server has the maxmemory-policy allkeys-lru, under which it may drop token records, "
        + "and each may cost one of VK Cloud's 25 refresh tokens. Set the policy noeviction, or use a Redis of its own for the tokens.";

    private readonly RecordedLogs _logs = new();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();

    private static CancellationToken Cancellation => TestRun.Cancellation;

    private RedisTokenStoreOptions Options => new() { EncryptionKey = _encryptionKey };

    [Fact]
    public async Task An_applications_connection_is_used_and_left_open_and_its_long_limits_are_said()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);

        await using (var store = new RedisTokenStore(connection, Options, loggerFactory: _logs))
            await store.WriteAsync("one");

        Assert.True(await connection.GetDatabase().KeyExistsAsync($"tokenauth:{{{StoreRecords.Key}}}:record"));
        Assert.Equal(
            "Warning 343: The Redis token store uses the application's connection, whose commands may take up to "
                + "5000 ms and are kept while it is not connected, unless its BacklogPolicy is FailFast. A command that the store has given "
                + "up after 1800 ms may run later; a write that comes late is refused where the record has changed. "
                + "UseRedisStore(configuration) makes a connection with shorter limits.",
            Assert.Single(_logs.Warnings)
        );
    }

    [Fact]
    public async Task An_applications_connection_with_short_limits_is_used_without_a_warning()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            redis.Configuration + ",syncTimeout=1000"
        );

        await using var store = new RedisTokenStore(connection, Options, loggerFactory: _logs);
        await store.WriteAsync("one");

        Assert.Empty(_logs.Warnings);
    }

    [Fact, Trait("Failure", "83")]
    public async Task A_lease_that_an_applications_connection_kept_for_later_is_given_back()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            redis.Configuration + ",asyncTimeout=20000,syncTimeout=20000,abortConnect=false"
        );
        await using var store = new RedisTokenStore(connection, Options);
        await store.ReadTokenAsync();
        await redis.StopAsync();
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await store.AcquireLeaseAsync(StoreRecords.Key, impatient.Token)
        );
        await redis.StartAsync(); // what the connection has kept, it sends now
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);

        await using var other = new RedisTokenStore(redis.Configuration, Options);
        var waited = Stopwatch.StartNew();
        await other.WriteAsync("one");
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12)); // a lease that was kept ends after 18
    }

    [Theory]
    [InlineData("allkeys-lru", true)]
    [InlineData("volatile-lru", false)]
    [InlineData("noeviction", false)]
    public async Task A_policy_that_drops_records_is_said_once(string policy, bool isSaid)
    {
        await using var redis = await RedisFixture.StartOwnAsync("--maxmemory-policy", policy);
        await using var store = new RedisTokenStore(redis.Configuration, Options, loggerFactory: _logs);

        for (var use = 0; use < 3; use++)
            await store.WriteAsync("one");
        await UntilAskedAsync(redis);

        Assert.Equal(isSaid ? [Policy] : [], _logs.Warnings);
    }

    [Fact]
    public async Task A_user_with_the_rights_that_the_documentation_lists_needs_no_more()
    {
        await using var redis = await RedisFixture.StartOwnAsync("--maxmemory-policy", "allkeys-lru");
        await redis.SendAsync(
            "ACL SETUSER fleet on >secret ~tokenauth:* +@connection +eval +get +set +del +strlen +pexpire +rename"
        );
        await using var store = new RedisTokenStore(
            redis.Configuration + ",user=fleet,password=secret",
            Options,
            loggerFactory: _logs
        );

        await store.WriteAsync("one");
        await redis.SendAsync($"SET tokenauth:{{{StoreRecords.Key}}}:record damage");
        Assert.Null(await store.ReadTokenAsync());
        await store.WriteAsync("two");
        await store.RemoveAsync(StoreRecords.Key, Cancellation);

        Assert.Single(_logs.Warnings); // of the damage; INFO is forbidden, so that nothing is known of the policy
    }

    [Fact]
    public async Task A_missing_right_is_said()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await redis.SendAsync("ACL SETUSER fleet on >secret ~tokenauth:* +@connection +get");
        await using var store = new RedisTokenStore(redis.Configuration + ",user=fleet,password=secret", Options);

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.ReadTokenAsync());

        Assert.Equal(
            $"The Redis token store at {redis.Configuration} (keys tokenauth:*) cannot be used: NOPERM this user has no permissions to run "
                + "the 'eval' command. Check the configuration, the state of the server and the rights of its user.",
            error.Message
        );
    }

    [Theory, Trait("Failure", "46")]
    [InlineData(",password=let-me-in")]
    [InlineData("")]
    public async Task A_wrong_password_is_said_and_not_shown(string password)
    {
        await using var redis = await RedisFixture.StartOwnAsync("--requirepass", "sesame");
        await using var store = new RedisTokenStore(redis.Configuration + password, Options, loggerFactory: _logs);

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.ReadTokenAsync());

        Assert.Matches(" cannot be used: (WRONGPASS|NOAUTH) ", error.Message); // what the client heard last
        Assert.DoesNotContain("let-me-in", error + string.Concat(_logs.Warnings), StringComparison.Ordinal);
    }

    [Fact, Trait("Failure", "82")]
    public async Task After_a_failover_that_lost_the_last_record_a_late_write_does_not_overwrite_the_next_one()
    {
        await using var primary = await RedisFixture.StartOwnAsync();
        await using var standby = await RedisFixture.StartOwnAsync("--replicaof", $"127.0.0.1 {primary.Port}");
        var both = $"{primary.Configuration},{standby.Configuration}";
        await using var store = new RedisTokenStore(both, Options);
        await store.WriteAsync("one");
        await UntilCopiedAsync(standby);
        await standby.SendAsync("REPLICAOF 127.0.0.1 1"); // it lacks what comes now
        await store.WriteAsync("two");
        await using var stalled = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);
        Assert.Equal("two", stalled.Record?.Grant.AccessToken.Value);

        await primary.StopAsync("-KILL");
        await standby.SendAsync("REPLICAOF NO ONE");
        await using var next = new RedisTokenStore(both, Options);
        Assert.Equal("one", await next.ReadTokenAsync());
        await next.WriteAsync("three");
        var error = await UntilRefusedAsync(stalled);

        Assert.Equal(
            "The record 0123456789abcdef was written by another process after this one's lease had ended; the newer record stays.",
            error.Message
        );
        Assert.Equal("three", await next.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "82")]
    public async Task After_a_restart_from_an_old_backup_a_late_write_does_not_overwrite_the_next_one()
    {
        await using var redis = await RedisFixture.StartOwnAsync("--save", "3600 10000");
        await using var store = new RedisTokenStore(redis.Configuration, Options);
        await store.WriteAsync("one");
        await redis.SendAsync("SAVE");
        await store.WriteAsync("two");
        await using var stalled = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);

        await redis.StopAsync("-KILL");
        await redis.StartAsync();
        Assert.Equal("one", await store.ReadTokenAsync());
        await store.WriteAsync("three");
        await UntilRefusedAsync(stalled);

        Assert.Equal("three", await store.ReadTokenAsync());
    }

    public void Dispose() => _logs.Dispose();

    private static async Task UntilCopiedAsync(ThrowAwayRedis standby)
    {
        while (await standby.SendAsync($"EXISTS tokenauth:{{{StoreRecords.Key}}}:record") != ":1")
            await Task.Delay(20, Cancellation);
    }

    /// <summary>Writes late, again while the connection moves to the new primary, and returns why the record was not written.</summary>
    private static async Task<TokenStoreException> UntilRefusedAsync(ITokenLease stalled)
    {
        while (true)
        {
            var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
                await stalled.WriteAsync(StoreRecords.Create("late"), Cancellation)
            );
            if (error.InnerException is null)
                return error;
        }
    }

    // Beside the store's uses, which do not wait for it.
    private static async Task UntilAskedAsync(ThrowAwayRedis redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration + ",allowAdmin=true");
        var server = connection.GetServers().Single();
        for (var i = 0; i < 100; i++)
        {
            var statistics = await server.InfoRawAsync("commandstats");
            if (statistics?.Contains("cmdstat_info:calls=2", StringComparison.Ordinal) == true)
                break; // the other one is this
            await Task.Delay(20, Cancellation);
        }

        await Task.Delay(100, Cancellation);
    }
}
