using System.Diagnostics;
using Npgsql;

namespace TokenAuth.Tests.Storage;

/// <summary>A store behind a PgBouncer that pools transactions.</summary>
public sealed class PgBouncerTests(PostgresFixture postgres)
{
    private readonly string _table = PostgresFixture.NewTable();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();

    private static CancellationToken Cancellation => TestRun.Cancellation;

    [Fact, Trait("Failure", "75")]
    public async Task Two_sessions_of_the_database_serve_many_stores()
    {
        await using var bouncer = await StartAsync("default_pool_size = 4");
        var stores = Enumerable.Range(0, 8).Select(_ => Open(bouncer)).ToList();

        await Task.WhenAll(stores.Select((store, i) => store.WriteAsync($"token-{i}", key: $"key-{i % 3}")));

        foreach (var key in new[] { "key-0", "key-1", "key-2" })
            Assert.StartsWith("token-", await stores[0].ReadTokenAsync(key), StringComparison.Ordinal);
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [Fact, Trait("Failure", "81")]
    public async Task A_lease_waits_for_a_place_in_a_full_pooler()
    {
        await using var bouncer = await StartAsync("max_client_conn = 1");
        await using var taken = new NpgsqlConnection(bouncer.ConnectionString + ";Pooling=false");
        await taken.OpenAsync(Cancellation);
        await using var store = Open(bouncer);

        var write = store.WriteAsync("one");
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        Assert.False(write.IsCompleted, "It did not wait.");
        await taken.CloseAsync();

        await write;
    }

    [Fact, Trait("Failure", "81")]
    public async Task A_lease_waits_for_a_place_in_a_full_database()
    {
        var database = await postgres.GetConnectionStringAsync();
        var role = PostgresFixture.NewTable();
        await PostgresFixture.ExecuteAsync(
            database,
            $"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1; GRANT CREATE ON SCHEMA public TO {role}"
        );
        var limited = new NpgsqlConnectionStringBuilder(database) { Username = role }.ConnectionString;
        await using var taken = new NpgsqlConnection(limited + ";Pooling=false");
        await taken.OpenAsync(Cancellation);
        await using var store = new PostgresTokenStore(limited, Options());

        var write = store.WriteAsync("one");
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        Assert.False(write.IsCompleted, "It did not wait.");
        await taken.CloseAsync();

        await write;
    }

    [Fact, Trait("Failure", "81")]
    public async Task A_pooler_that_stays_full_is_waited_for_five_seconds_and_then_named()
    {
        await using var bouncer = await StartAsync("max_client_conn = 1");
        await using var taken = new NpgsqlConnection(bouncer.ConnectionString + ";Pooling=false");
        await taken.OpenAsync(Cancellation);
        await using var store = Open(bouncer);
        var waited = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("one"));

        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(10));
        Assert.Contains("(08P01)", error.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Failure", "87")]
    public async Task Automatic_preparation_behind_a_pooler_is_named_with_its_remedy()
    {
        await using var bouncer = await StartAsync("default_pool_size = 2");
        await using var dataSource = NpgsqlDataSource.Create(
            bouncer.ConnectionString + ";Max Auto Prepare=20;Auto Prepare Min Usages=2;No Reset On Close=true"
        );
        await using var store = new PostgresTokenStore(dataSource, Options());

        // Two transactions at a time move every connection from session to session.
        var error = await Record.ExceptionAsync(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await using var lease = await store.AcquireLeaseAsync("other-key", Cancellation);
                await store.WriteAsync($"token-{i}");
                await store.ReadTokenAsync();
            }
        });

        Assert.IsType<TokenStoreException>(error);
        Assert.Equal(
            $"The PostgreSQL token store (table \"{_table}\") cannot be used: the data source prepares statements automatically, and a "
                + "pooler that pools transactions runs them in sessions that do not know them. Set Max Auto Prepare to 0 in the data source's "
                + "connection string, or max_prepared_statements in PgBouncer from 1.21.",
            error.Message
        );
    }

    private async Task<ThrowAwayPgBouncer> StartAsync(params string[] settings) =>
        await ThrowAwayPgBouncer.StartAsync(await postgres.GetConnectionStringAsync(), settings);

    private PostgresTokenStore Open(ThrowAwayPgBouncer bouncer) => new(bouncer.ConnectionString, Options());

    private PostgresTokenStoreOptions Options() => new() { Table = _table, EncryptionKey = _encryptionKey };
}
