using System.Transactions;
using Npgsql;

namespace TokenAuth.Tests.Storage;

public sealed class PostgresTokenStoreTests(PostgresFixture postgres) : TokenStoreContract, IAsyncLifetime
{
    private readonly List<PostgresTokenStore> _stores = [];
    private readonly string _table = PostgresFixture.NewTable();
    private string _connectionString = "";

    public async ValueTask InitializeAsync() => _connectionString = await postgres.GetConnectionStringAsync();

    [Fact, Trait("Failure", "82")]
    public async Task A_late_write_is_refused_although_the_database_went_back_in_time_and_was_written_again()
    {
        await Open().WriteAsync("one");
        await PostgresFixture.ExecuteAsync(_connectionString, $"CREATE TABLE {_table}_standby AS TABLE {_table}");
        await Open().WriteAsync("two");
        await using var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        await PostgresFixture.ExecuteAsync(
            _connectionString,
            $"DELETE FROM {_table}; INSERT INTO {_table} TABLE {_table}_standby"
        );
        await Open().WriteAsync("newer");

        await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("older"), Cancellation)
        );

        Assert.Equal("newer", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "90")]
    public async Task A_late_write_into_a_database_that_went_back_in_time_says_so()
    {
        await Open().WriteAsync("one");
        await PostgresFixture.ExecuteAsync(_connectionString, $"CREATE TABLE {_table}_standby AS TABLE {_table}");
        await Open().WriteAsync("two");
        await using var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        await PostgresFixture.ExecuteAsync(
            _connectionString,
            $"DELETE FROM {_table}; INSERT INTO {_table} TABLE {_table}_standby"
        );

        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("late"), Cancellation)
        );

        Assert.Equal(
            "The record 0123456789abcdef was not written: the database has gone back to an older record (a failover or a restored backup), "
                + "which stays.",
            error.Message
        );
    }

    [Theory, Trait("Failure", "82"), Trait("Failure", "90")]
    [InlineData("TRUNCATE")]
    [InlineData("DELETE FROM")]
    public async Task A_late_write_into_an_emptied_table_is_refused(string statement)
    {
        await Open().WriteAsync("one");
        await using var stalled = await OpenWithShortLease().AcquireLeaseAsync(Key, Cancellation);
        await EndLeaseAsync();
        await PostgresFixture.ExecuteAsync(_connectionString, $"{statement} {_table}");

        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("late"), Cancellation)
        );

        Assert.Equal(
            "The record 0123456789abcdef was not written: its row was deleted after it had been leased.",
            error.Message
        );
        Assert.Null(await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task Simultaneous_first_starts_on_an_empty_database_all_succeed()
    {
        for (var round = 0; round < TestRun.FirstStarts; round++)
        {
            var table = PostgresFixture.NewTable();
            var starts = Enumerable.Range(0, 16).Select(_ => Task.Run(() => OpenWith(table: table).ReadTokenAsync()));

            Assert.All(await Task.WhenAll(starts), Assert.Null);
        }
    }

    [Fact]
    public async Task A_schema_of_its_own_is_used()
    {
        var schema = PostgresFixture.NewTable();
        await PostgresFixture.ExecuteAsync(_connectionString, $"CREATE SCHEMA {schema}");

        await OpenWith(schema: schema).WriteAsync("one");

        Assert.Equal("one", await OpenWith(schema: schema).ReadTokenAsync());
        Assert.Null(await Open().ReadTokenAsync());
    }

    [Fact]
    public async Task A_role_that_may_not_create_the_table_gets_the_statement_to_run()
    {
        var role = await NewRoleAsync();

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => OpenWith(role: role).ReadTokenAsync());

        Assert.Equal(
            $"The table \"{_table}\" does not exist and the role cannot create it (permission denied for schema public). "
                + $"Run as an administrator: CREATE TABLE IF NOT EXISTS \"{_table}\" (     key text PRIMARY KEY,     "
                + "version bigint NOT NULL,     record bytea,     written_at timestamptz NOT NULL DEFAULT now(),     "
                + $"damaged bytea,     damaged_at timestamptz ); GRANT SELECT, INSERT, UPDATE ON \"{_table}\" TO <role>;",
            error.Message
        );
    }

    [Fact]
    public async Task A_role_that_may_only_read_is_refused_at_the_first_use()
    {
        await Open().ReadTokenAsync();
        var role = await NewRoleAsync();
        await PostgresFixture.ExecuteAsync(_connectionString, $"GRANT SELECT ON {_table} TO {role}");

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => OpenWith(role: role).ReadTokenAsync());

        Assert.Equal(
            $"The role may not use the table \"{_table}\" (permission denied for table {_table}). "
                + $"Run as its owner: GRANT SELECT, INSERT, UPDATE ON \"{_table}\" TO <role>;",
            error.Message
        );
    }

    [Fact]
    public async Task A_role_with_the_three_rights_needs_no_more()
    {
        await Open().ReadTokenAsync();
        var role = await NewRoleAsync();
        await PostgresFixture.ExecuteAsync(_connectionString, $"GRANT SELECT, INSERT, UPDATE ON {_table} TO {role}");

        await OpenWith(role: role).WriteAsync("one");

        Assert.Equal("one", await OpenWith(role: role).ReadTokenAsync());
    }

    [Theory]
    [InlineData("(key text)")]
    [InlineData(
        "(key text, version bigint, record bytea, written_at timestamptz, damaged bytea, damaged_at timestamptz)"
    )]
    [InlineData(
        "(key text PRIMARY KEY, version text, record bytea, written_at timestamptz, damaged bytea, damaged_at timestamptz)"
    )]
    public async Task A_table_of_another_shape_is_refused_at_the_first_use(string columns)
    {
        await PostgresFixture.ExecuteAsync(_connectionString, $"CREATE TABLE {_table} {columns}");

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().ReadTokenAsync());

        Assert.StartsWith(
            $"The table \"{_table}\" is not the token store's (",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_table_that_was_dropped_is_made_again()
    {
        var store = Open();
        await store.WriteAsync("one");
        await PostgresFixture.ExecuteAsync(_connectionString, $"DROP TABLE {_table}");

        await Assert.ThrowsAsync<TokenStoreException>(() => store.ReadTokenAsync());
        await store.WriteAsync("two");

        Assert.Equal("two", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "43")]
    public async Task Damage_counts_as_absent_for_a_session_that_cannot_set_it_aside()
    {
        await Open().WriteAsync("one");
        var damage = "damage"u8.ToArray();
        await WriteContentAsync(Key, damage);
        var reader = OpenWith(settings: ";Options=-c default_transaction_read_only=on");

        Assert.Null(await reader.ReadTokenAsync());
        Assert.Null(await reader.ReadTokenAsync());

        Assert.Equal(damage, await ReadContentAsync(Key));
        Assert.EndsWith(
            $": The token record {Key} in the table \"{_table}\" is damaged and counts as absent. This session is read-only; "
                + "the next one that can write sets the record aside.",
            Assert.Single(Logs.Warnings),
            StringComparison.Ordinal
        );
        Assert.Null(await Open().ReadTokenAsync());
        Assert.Equal(damage, await ReadDamagedAsync(Key));
    }

    [Fact, Trait("Failure", "83")]
    public async Task A_write_that_is_cancelled_while_it_begins_leaves_its_connection_to_others()
    {
        var settings = new NpgsqlConnectionStringBuilder(_connectionString) { MaxPoolSize = 1 };
        var options = new PostgresTokenStoreOptions { Table = _table, EncryptionKey = EncryptionKey };
        await using var store = new PostgresTokenStore(settings.ConnectionString, options);
        using var cancelled = new CancellationTokenSource();
        var lease = await store.AcquireLeaseAsync(Key, Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await lease.WriteAsync(StoreRecords.CreateThatCancels(cancelled), cancelled.Token)
        );

        Assert.Null(await store.ReadTokenAsync());
        await store.TakeLeaseAsync(within: TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_applications_transaction_is_not_the_stores(bool isRollback)
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        var options = new PostgresTokenStoreOptions { Table = _table, EncryptionKey = EncryptionKey };
        await using var store = new PostgresTokenStore(dataSource, options);
        await store.WriteAsync("to-be-removed", key: "another-key");

        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await store.WriteAsync("one");
            Assert.Equal("one", await store.ReadTokenAsync());
            await store.RemoveAsync("another-key", Cancellation);
            Assert.NotNull(Transaction.Current);
            if (!isRollback)
                scope.Complete();
        }

        Assert.Equal("one", await store.ReadTokenAsync());
        Assert.Null(await store.ReadTokenAsync("another-key"));
    }

    [Fact]
    public async Task The_applications_data_source_is_used_and_left_open()
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        var options = new PostgresTokenStoreOptions { Table = _table, EncryptionKey = EncryptionKey };

        await using (var store = new PostgresTokenStore(dataSource, options))
            await store.WriteAsync("one");

        await using var command = dataSource.CreateCommand($"SELECT count(*) FROM {_table}");
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        Logs.Dispose();
    }

    protected override ITokenStore Open(string encryptionKey) => OpenWith(encryptionKey);

    protected override ITokenStore OpenWithShortLease() => OpenWith(lease: TimeSpan.FromSeconds(1));

    protected override Task EndLeaseAsync() => Task.Delay(TimeSpan.FromSeconds(1.2), Cancellation);

    // A waiter sits in the database, which says nothing; one that need not wait is done long before.
    protected override Task UntilItWaitsAsync(Task waiter) => Task.Delay(200, Cancellation);

    protected override Task<byte[]?> ReadContentAsync(string key) => ScalarAsync("record", key);

    protected override Task<byte[]?> ReadDamagedAsync(string key) => ScalarAsync("damaged", key);

    protected override async Task WriteContentAsync(string key, byte[] content)
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        await using var command = dataSource.CreateCommand($"UPDATE {_table} SET record = $1 WHERE key = $2");
        command.Parameters.Add(new NpgsqlParameter { Value = content });
        command.Parameters.Add(new NpgsqlParameter { Value = key });
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<byte[]?> ScalarAsync(string column, string key)
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        await using var command = dataSource.CreateCommand($"SELECT {column} FROM {_table} WHERE key = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = key });

        return await command.ExecuteScalarAsync(Cancellation) as byte[];
    }

    private async Task<string> NewRoleAsync()
    {
        var role = PostgresFixture.NewTable();
        await PostgresFixture.ExecuteAsync(_connectionString, $"CREATE ROLE {role} LOGIN PASSWORD 'test'");

        return role;
    }

    private PostgresTokenStore OpenWith(
        string? encryptionKey = null,
        TimeSpan? lease = null,
        string? table = null,
        string? schema = null,
        string? role = null,
        string? settings = null
    )
    {
        var options = new PostgresTokenStoreOptions
        {
            Schema = schema,
            Table = table ?? _table,
            EncryptionKey = encryptionKey ?? EncryptionKey,
        };
        if (lease is { } shorter)
            options.Lease = shorter;

        var connection = new NpgsqlConnectionStringBuilder(_connectionString + settings);
        if (role is not null)
            (connection.Username, connection.Password) = (role, "test");
        var store = new PostgresTokenStore(connection.ConnectionString, options, loggerFactory: Logs);
        _stores.Add(store);

        return store;
    }
}
