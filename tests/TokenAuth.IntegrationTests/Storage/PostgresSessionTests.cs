using System.Diagnostics;
using Npgsql;

namespace TokenAuth.Tests.Storage;

/// <summary>Sessions that the database ended, or that cannot write, while nobody was looking.</summary>
public sealed class PostgresSessionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _table = PostgresFixture.NewTable();
    private readonly string _role = PostgresFixture.NewTable();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private string _administrator = "";

    private static CancellationToken Cancellation => TestRun.Cancellation;

    private string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_administrator) { Username = _role, Password = "test" }.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        _administrator = await postgres.GetConnectionStringAsync();
        await ExecuteAsync($"CREATE ROLE {_role} LOGIN PASSWORD 'test'; GRANT CREATE ON SCHEMA public TO {_role}");
    }

    [Fact, Trait("Failure", "75")]
    public async Task Idle_sessions_that_the_database_has_ended_are_not_noticed()
    {
        await ExecuteAsync($"ALTER ROLE {_role} SET idle_session_timeout = 400");
        await using var store = Open();
        await FillPoolAsync(store);
        await UntilNoSessionIsLeftAsync();

        Assert.Null(await store.ReadTokenAsync());
        await store.WriteAsync("one");

        Assert.Equal("one", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "75")]
    public async Task Dead_sessions_of_an_applications_pool_are_not_noticed_either()
    {
        await ExecuteAsync($"ALTER ROLE {_role} SET idle_session_timeout = 400");
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        await using var store = Open(dataSource);
        await FillPoolAsync(store);
        await UntilNoSessionIsLeftAsync();

        Assert.Null(await store.ReadTokenAsync());
        await store.WriteAsync("one");

        Assert.Equal("one", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "75")]
    public async Task Sessions_that_were_ended_by_an_administrator_are_not_noticed()
    {
        await using var store = Open();
        await FillPoolAsync(store);
        await EndSessionsAsync();

        await store.WriteAsync("one");
        await EndSessionsAsync();

        Assert.Equal("one", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "75")]
    public async Task Sessions_that_have_become_read_only_are_replaced()
    {
        await using var store = Open();
        await store.WriteAsync("one");
        await ExecuteAsync($"ALTER ROLE {_role} SET default_transaction_read_only = on");
        await EndSessionsAsync();
        Assert.Equal("one", await store.ReadTokenAsync());

        var waited = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("two"));
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4.9)); // at once: a standby does not become one by waiting
        await ExecuteAsync($"ALTER ROLE {_role} RESET default_transaction_read_only");

        await store.WriteAsync("three");
        Assert.Equal("three", await store.ReadTokenAsync());
        Assert.Contains("(25006)", error.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Failure", "75")]
    public async Task Of_an_applications_pool_the_session_that_cannot_write_is_ended_and_one_in_use_lives_on()
    {
        await Open().WriteAsync("one");
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString + ";No Reset On Close=true");
        await using var inUse = await dataSource.OpenConnectionAsync(Cancellation);
        int readOnly;
        await using (var connection = await dataSource.OpenConnectionAsync(Cancellation))
        {
            readOnly = connection.ProcessID;
            await using var spoil = new NpgsqlCommand("SET default_transaction_read_only = on", connection);
            await spoil.ExecuteNonQueryAsync(Cancellation);
        }
        await using var store = Open(dataSource);

        await store.WriteAsync("two");

        Assert.Equal("two", await store.ReadTokenAsync());
        Assert.Equal(0L, await CountAsync($"pid = {readOnly}"));
        await using var use = new NpgsqlCommand("SELECT pg_backend_pid()", inUse);
        Assert.Equal(inUse.ProcessID, await use.ExecuteScalarAsync(Cancellation));
    }

    [Fact, Trait("Failure", "75")]
    public async Task A_session_that_ends_under_a_lease_does_not_cost_the_grant()
    {
        await using var store = Open();
        await FillPoolAsync(store);
        await using var lease = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);
        await EndSessionsAsync();

        await lease.WriteAsync(StoreRecords.Create("granted-meanwhile"), Cancellation);

        Assert.Equal("granted-meanwhile", await store.ReadTokenAsync());
    }

    [FullRunFact, Trait("Failure", "75")]
    public async Task Idle_connections_of_our_own_are_closed_after_a_minute()
    {
        await using var store = Open();
        await FillPoolAsync(store);

        await Task.Delay(TimeSpan.FromSeconds(140), Cancellation); // the driver looks every ten seconds, at a median of a minute

        Assert.Equal(0L, await CountAsync($"usename = '{_role}'"));
    }

    public ValueTask DisposeAsync() => default;

    private PostgresTokenStore Open() => new(ConnectionString, Options());

    private PostgresTokenStore Open(NpgsqlDataSource dataSource) => new(dataSource, Options());

    private PostgresTokenStoreOptions Options() => new() { Table = _table, EncryptionKey = _encryptionKey };

    private static async Task FillPoolAsync(PostgresTokenStore store)
    {
        await store.ReadTokenAsync();
        var leases = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(i => store.AcquireLeaseAsync($"fill-{i}", Cancellation).AsTask())
        );
        foreach (var lease in leases)
            await lease.DisposeAsync();
    }

    private Task EndSessionsAsync() =>
        ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{_role}'");

    private async Task UntilNoSessionIsLeftAsync()
    {
        while (await CountAsync($"usename = '{_role}'") > 0)
            await Task.Delay(50, Cancellation);
    }

    private async Task<long> CountAsync(string condition)
    {
        await using var connection = new NpgsqlConnection(_administrator);
        await connection.OpenAsync(Cancellation);
        await using var count = new NpgsqlCommand(
            $"SELECT count(*) FROM pg_stat_activity WHERE {condition}",
            connection
        );

        return (long)(await count.ExecuteScalarAsync(Cancellation))!;
    }

    private Task ExecuteAsync(string sql) => PostgresFixture.ExecuteAsync(_administrator, sql);
}
