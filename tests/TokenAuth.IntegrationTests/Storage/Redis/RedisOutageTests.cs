using System.Diagnostics;
using Fleet;
using StackExchange.Redis;

namespace TokenAuth.Tests.Storage;

/// <summary>A server that stops, freezes, restarts or is full; each test starts its own.</summary>
public sealed class RedisOutageTests : IDisposable
{
    private static readonly string[] _keepsItsData = ["--appendonly", "yes", "--appendfsync", "always"];

    private readonly RecordedLogs _logs = new();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();

    private static CancellationToken Cancellation => TestRun.Cancellation;

    [Theory, Trait("Failure", "41")]
    [InlineData("-TERM")]
    [InlineData("-KILL")]
    public async Task After_a_restart_of_the_server_the_same_store_works_again(string signal)
    {
        await using var redis = await RedisFixture.StartOwnAsync(_keepsItsData);
        await using var store = Open(redis);
        await store.WriteAsync("one");

        await redis.StopAsync(signal);
        var stopped = await Assert.ThrowsAsync<TokenStoreException>(() => store.ReadTokenAsync());
        await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("two"));
        await redis.StartAsync();

        Assert.Matches(
            "^The Redis token store at 127\\.0\\.0\\.1:[0-9]+ \\(keys tokenauth:\\*\\) cannot be used: "
                + "(Connection refused|Connection reset by peer|Broken pipe|no connection \\([A-Za-z]+\\)|no response (in time|within 1\\.8 s))\\. "
                + "Check the configuration, the state of the server and the rights of its user\\.$",
            stopped.Message
        );
        Assert.Equal("one", await store.ReadTokenAsync());
        await store.WriteAsync("three");
        Assert.Equal("three", await store.ReadTokenAsync());
    }

    [Theory, Trait("Failure", "41")]
    [InlineData("-TERM")]
    [InlineData("-KILL")]
    public async Task A_restart_between_two_uses_is_not_noticed(string signal)
    {
        await using var redis = await RedisFixture.StartOwnAsync(_keepsItsData);
        await using var store = Open(redis);
        await store.WriteAsync("one");

        await redis.StopAsync(signal);
        await redis.StartAsync();

        Assert.Equal("one", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_restart_while_the_vendor_is_called_does_not_cost_the_grant()
    {
        await using var redis = await RedisFixture.StartOwnAsync(_keepsItsData);
        await using var store = Open(redis);
        await store.WriteAsync("one");
        await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);

        await redis.StopAsync("-KILL");
        await redis.StartAsync();
        await lease.WriteAsync(StoreRecords.Create("granted-meanwhile"), Cancellation);

        Assert.Equal("granted-meanwhile", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_server_that_forgot_everything_meanwhile_is_said_and_the_next_lease_writes()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var store = Open(redis);
        await store.WriteAsync("one");
        await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);

        await redis.StopAsync("-KILL");
        await redis.StartAsync();
        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await lease.WriteAsync(StoreRecords.Create("late"), Cancellation)
        );
        await store.WriteAsync("again");

        Assert.Equal(
            "The record 0123456789abcdef was not written: this process's lease has ended, and the record that it was for was removed or lost.",
            error.Message
        );
        Assert.Equal("again", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "81")]
    public async Task A_lease_waits_for_a_server_that_is_about_to_start()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var store = Open(redis);
        await redis.StopAsync();

        var write = store.WriteAsync("one");
        await Task.Delay(1000, Cancellation);
        Assert.False(write.IsCompleted);
        await redis.StartAsync(); // well within the five seconds, also on a machine that is busy

        await write;
    }

    [Fact, Trait("Failure", "81")]
    public async Task A_lease_waits_for_a_server_that_loads_its_data()
    {
        await using var redis = await RedisFixture.StartOwnAsync(
            "--save",
            "3600 1", // and when it ends
            "--key-load-delay",
            "10000", // microseconds a key
            "--loading-process-events-interval-bytes",
            "1024"
        );
        await using (var before = Open(redis))
            for (var i = 0; i < 200; i++)
                await before.WriteAsync("one", key: $"key-{i}");
        await using var store = Open(redis);

        do
        {
            await redis.StopAsync();
            redis.Start();
            await UntilItListensAsync(redis);
        } while (!(await redis.SendAsync("GET x")).StartsWith("-LOADING", StringComparison.Ordinal)); // a busy machine comes too late
        await using var lease = await store.AcquireLeaseAsync("key-1", Cancellation);

        Assert.Equal("one", lease.Record?.Grant.AccessToken.Value);
    }

    [Fact, Trait("Failure", "81")]
    public async Task A_lease_waits_for_the_end_of_a_failover()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var store = Open(redis);
        await store.ReadTokenAsync();
        await redis.SendAsync("REPLICAOF 127.0.0.1 1"); // read-only, as a primary that was demoted

        var write = store.WriteAsync("one");
        await Task.Delay(1000, Cancellation);
        Assert.False(write.IsCompleted);
        await redis.SendAsync("REPLICAOF NO ONE");

        await write;
    }

    [Fact, Trait("Failure", "81")]
    public async Task A_lease_waits_for_a_cluster_that_comes_up()
    {
        await using var redis = await RedisFixture.StartOwnAsync("--cluster-enabled", "yes");
        await using var store = Open(redis);

        var write = store.WriteAsync("one");
        await Task.Delay(1000, Cancellation);
        Assert.False(write.IsCompleted);
        await redis.SendAsync("CLUSTER ADDSLOTSRANGE 0 16383");

        await write; // over three keys of one hash slot
        Assert.Equal("one", await store.ReadTokenAsync());
    }

    [Theory, Trait("Failure", "81")]
    [InlineData("--min-replicas-to-write", "1", "NOREPLICAS Not enough good replicas to write")]
    [InlineData("--replicaof", "127.0.0.1 1", "only a replica is connected, which takes no writes")]
    public async Task A_server_that_stays_read_only_is_said_after_five_seconds(
        string setting,
        string value,
        string expected
    )
    {
        await using var redis = await RedisFixture.StartOwnAsync(setting, value);
        await using var store = Open(redis);
        var waited = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("one"));

        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15));
        Assert.Equal(
            $"The Redis token store at {redis.Configuration} (keys tokenauth:*) cannot be used: {expected}. "
                + "Check the configuration, the state of the server and the rights of its user.",
            error.Message
        );
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_full_server_is_said_and_reads_on()
    {
        await using var redis = await RedisFixture.StartOwnAsync("--maxmemory-policy", "noeviction");
        await using var store = Open(redis);
        await store.WriteAsync("one");
        await redis.SendAsync("CONFIG SET maxmemory 100");

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("two"));

        Assert.Contains(
            "OOM command not allowed when used memory > 'maxmemory'",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("one", await store.ReadTokenAsync());
        await redis.SendAsync("CONFIG SET maxmemory 0");
        await store.WriteAsync("three");
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_frozen_server_costs_each_operation_its_time_limit_and_no_more()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var store = Open(redis);
        await store.WriteAsync("one");
        var lease = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);

        await redis.SignalAsync("-STOP");
        var read = await MeasureFailureAsync(() => store.ReadTokenAsync());
        var acquire = await MeasureFailureAsync(async () => await store.AcquireLeaseAsync("another-key", Cancellation));
        var dispose = Stopwatch.StartNew();
        await lease.DisposeAsync();
        var disposed = dispose.Elapsed;
        await redis.SignalAsync("-CONT");

        // The client alone would wait for as long as the server is frozen.
        Assert.All([read, disposed], t => Assert.InRange(t, TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        Assert.InRange(acquire, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal("one", await store.ReadTokenAsync());
        await store.WriteAsync("two");
    }

    [Fact, Trait("Failure", "85")]
    public async Task A_first_lease_is_waited_for_although_the_first_exchange_takes_longer_than_its_time_limit()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using (var before = Open(redis))
            await before.WriteAsync("one");
        await redis.SignalAsync("-STOP");
        await using var store = Open(redis);

        var waiting = store.AcquireLeaseAsync(StoreRecords.Key, Cancellation).AsTask();
        await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromSeconds(7), Cancellation)); // the limit is five and a half
        await redis.SignalAsync("-CONT");

        await using var lease = await waiting;
        Assert.Equal("one", lease.Record?.Grant.AccessToken.Value);
    }

    [Theory, Trait("Failure", "83")]
    [InlineData(50)]
    [InlineData(1000)]
    public async Task A_lease_that_comes_after_its_waiter_has_left_is_given_back(int patience)
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var store = Open(redis);
        await store.ReadTokenAsync();
        await redis.SignalAsync("-STOP");
        using var impatient = new CancellationTokenSource();
        var waiter = store.AcquireLeaseAsync(StoreRecords.Key, impatient.Token).AsTask();
        await Task.Delay(patience, Cancellation);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        await redis.SignalAsync("-CONT"); // runs what it has received meanwhile

        var waited = Stopwatch.StartNew();
        await using var other = Open(redis);
        await other.WriteAsync("one");
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12)); // a lease that was kept ends after 18
    }

    [Fact, Trait("Failure", "83")]
    public async Task A_store_that_is_disposed_at_once_gives_a_late_lease_back_too()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        var store = Open(redis);
        await store.ReadTokenAsync();
        await redis.SignalAsync("-STOP");
        using var impatient = new CancellationTokenSource();
        var waiter = store.AcquireLeaseAsync(StoreRecords.Key, impatient.Token).AsTask();
        await Task.Delay(50, Cancellation);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);

        var disposal = store.DisposeAsync().AsTask();
        await redis.SignalAsync("-CONT");
        await disposal;

        var waited = Stopwatch.StartNew();
        await using var other = Open(redis);
        await other.WriteAsync("one");
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12)); // a lease that was kept ends after 18
    }

    [Fact, Trait("Failure", "83")]
    public async Task A_lease_that_is_granted_twice_to_the_same_waiter_stays_its_own()
    {
        await using var redis = await RedisFixture.StartOwnAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            redis.Configuration + ",asyncTimeout=5000,syncTimeout=5000"
        );
        await using var store = new RedisTokenStore(
            connection,
            new RedisTokenStoreOptions { EncryptionKey = _encryptionKey }
        );
        await store.ReadTokenAsync();
        await redis.SignalAsync("-STOP");
        var waiter = store.AcquireLeaseAsync(StoreRecords.Key, Cancellation).AsTask();
        await Task.Delay(2500, Cancellation); // past the first attempt's 1.8 s: it and the second are in the server's buffer

        await redis.SignalAsync("-CONT");
        await using var lease = await waiter;
        await Task.Delay(300, Cancellation);

        Assert.Equal(":1", (await redis.SendAsync($"EXISTS tokenauth:{{{StoreRecords.Key}}}:lease")).TrimEnd());
    }

    public void Dispose() => _logs.Dispose();

    private RedisTokenStore Open(ThrowAwayRedis redis) =>
        new(redis.Configuration, new RedisTokenStoreOptions { EncryptionKey = _encryptionKey }, loggerFactory: _logs);

    private static async Task UntilItListensAsync(ThrowAwayRedis redis)
    {
        while (true)
        {
            try
            {
                await redis.SendAsync("PING");
                return;
            }
            catch (System.Net.Sockets.SocketException)
            {
                await Task.Delay(5, Cancellation);
            }
        }
    }

    private static async Task<TimeSpan> MeasureFailureAsync(Func<Task> operation)
    {
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<TokenStoreException>(operation);

        return watch.Elapsed;
    }
}
