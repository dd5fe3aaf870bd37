using System.Diagnostics;
using System.Text.RegularExpressions;
using Fleet;

namespace TokenAuth.Tests.Storage;

/// <summary>A database that stops, freezes, restarts or is watched: one of this class's own, a table for each test.</summary>
public sealed class PostgresOutageTests(OwnPostgres own) : IClassFixture<OwnPostgres>
{
    private readonly string _table = PostgresFixture.NewTable();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();

    private static CancellationToken Cancellation => TestRun.Cancellation;

    [Theory, Trait("Failure", "41")]
    [InlineData("-INT")]
    [InlineData("-QUIT")]
    public async Task After_a_restart_of_the_database_the_same_store_works_again(string signal)
    {
        var postgres = await own.GetAsync();
        await using var store = Open(postgres);
        await FillPoolAsync(store);
        await store.WriteAsync("one");

        await postgres.StopAsync(signal);
        var stopped = await Assert.ThrowsAsync<TokenStoreException>(() => store.ReadTokenAsync());
        await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("two"));
        await postgres.StartAsync();

        Assert.Matches(
            $"^The PostgreSQL token store \\(table \"{_table}\"\\) cannot be used: Failed to connect to 127\\.0\\.0\\.1:[0-9]+\\. "
                + "Check the connection string, the state of the database and the rights of its role\\.$",
            stopped.Message
        );
        Assert.Equal("one", await store.ReadTokenAsync());
        await store.WriteAsync("three");
        Assert.Equal("three", await store.ReadTokenAsync());
    }

    [Theory, Trait("Failure", "41")]
    [InlineData("-INT")]
    [InlineData("-KILL")]
    public async Task A_restart_between_two_uses_is_not_noticed(string signal)
    {
        var postgres = await own.GetAsync();
        await using var store = Open(postgres);
        await FillPoolAsync(store);
        await store.WriteAsync("one");

        await postgres.StopAsync(signal);
        await postgres.StartAsync();

        Assert.Equal("one", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_restart_while_the_vendor_is_called_does_not_cost_the_grant()
    {
        var postgres = await own.GetAsync();
        await using var store = Open(postgres);
        await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);

        await postgres.StopAsync("-QUIT");
        await postgres.StartAsync();
        await lease.WriteAsync(StoreRecords.Create("granted meanwhile".Replace(' ', '-')), Cancellation);

        Assert.Equal("granted-meanwhile", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_connection_that_the_driver_saw_break_under_a_lease_does_not_cost_the_grant()
    {
        var postgres = await own.GetAsync();
        await using var store = Open(postgres, ";Keepalive=1;Maximum Pool Size=1");
        await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);

        await postgres.StopAsync("-QUIT");
        await postgres.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancellation); // the driver looks once a second
        await lease.WriteAsync(StoreRecords.Create("granted-meanwhile"), Cancellation);

        Assert.Equal("granted-meanwhile", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_lease_waits_for_a_database_that_is_about_to_start()
    {
        var postgres = await own.GetAsync();
        await using var store = Open(postgres);
        await postgres.StopAsync();

        var write = store.WriteAsync("one");
        await Task.Delay(500, Cancellation);
        await postgres.StartAsync();

        await write;
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_frozen_database_costs_each_operation_its_time_limit_and_no_more()
    {
        var postgres = await own.GetAsync();
        await using var store = Open(postgres);
        await store.WriteAsync("one");
        await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);

        await postgres.SignalAllAsync("-STOP");
        var read = await MeasureFailureAsync(() => store.ReadTokenAsync());
        var acquire = await MeasureFailureAsync(async () => await store.AcquireLeaseAsync("another-key", Cancellation));
        var dispose = Stopwatch.StartNew();
        await lease.DisposeAsync();
        var disposed = dispose.Elapsed;
        await postgres.SignalAllAsync("-CONT");

        Assert.All([read, acquire, disposed], t => Assert.InRange(t, TimeSpan.Zero, TimeSpan.FromSeconds(15)));
        Assert.Equal("one", await store.ReadTokenAsync());
        await store.WriteAsync("two");
    }

    [Fact, Trait("Failure", "85")]
    public async Task A_first_lease_is_waited_for_although_the_first_exchange_takes_longer_than_its_time_limit()
    {
        var postgres = await own.GetAsync();
        await using (var before = Open(postgres))
            await before.WriteAsync("one");
        await postgres.SignalAllAsync("-STOP");
        await using var store = Open(postgres);

        var waiting = store.AcquireLeaseAsync(StoreRecords.Key, Cancellation).AsTask();
        await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromSeconds(8), Cancellation)); // the limit is six
        await postgres.SignalAllAsync("-CONT");

        await using var lease = await waiting;
        Assert.Equal("one", lease.Record?.Grant.AccessToken.Value);
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_read_only_database_is_a_typed_error()
    {
        var postgres = await own.GetAsync();
        await using var store = Open(postgres, ";Options=-c default_transaction_read_only=on");

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("one"));

        Assert.Contains("read-only transaction", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_outlasts_its_transaction_so_that_a_pooler_may_sit_in_between()
    {
        var postgres = await own.GetAsync();
        await using (var store = Open(postgres, ";Options=-c log_statement=all"))
        {
            await store.WriteAsync("one");
            await store.ReadTokenAsync();
            await using (await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation)) { }
        }
        await postgres.StopAsync();

        var log = await File.ReadAllTextAsync(postgres.LogFile, Cancellation);
        var statements = Regex.Matches(log, @"LOG:  (statement|execute ([^:]+)): (.+)");
        Assert.Contains(
            statements,
            s => s.Groups[3].Value.Contains("FOR UPDATE SKIP LOCKED", StringComparison.Ordinal)
        );
        Assert.All(
            statements,
            s =>
            {
                Assert.DoesNotMatch(
                    @"^(SET|RESET|DISCARD|PREPARE|DEALLOCATE|LISTEN|NOTIFY|DECLARE)\b",
                    s.Groups[3].Value
                );
                Assert.DoesNotMatch(@"pg_(try_)?advisory", s.Groups[3].Value);
                Assert.True(s.Groups[2].Value is "" or "<unnamed>", $"A named statement: {s.Value}");
            }
        );
    }

    private PostgresTokenStore Open(ThrowAwayPostgres postgres, string settings = "") =>
        new(
            postgres.ConnectionString + settings,
            new PostgresTokenStoreOptions { Table = _table, EncryptionKey = _encryptionKey }
        );

    /// <summary>Leaves several idle connections in the pool, all of which a restart kills.</summary>
    private static async Task FillPoolAsync(PostgresTokenStore store)
    {
        var leases = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(i => store.AcquireLeaseAsync($"pool-{i}", Cancellation).AsTask())
        );
        foreach (var lease in leases)
            await lease.DisposeAsync();
    }

    private static async Task<TimeSpan> MeasureFailureAsync(Func<Task> operation)
    {
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<TokenStoreException>(operation);

        return watch.Elapsed;
    }
}
