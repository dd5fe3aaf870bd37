using System.Diagnostics;
using Npgsql;

namespace TokenAuth.Tests.Storage;

/// <summary>Tables that are not the store's alone: each is named before the first write, or at its first failure.</summary>
public sealed class PostgresTableTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Columns =
        "(key text PRIMARY KEY, version bigint NOT NULL, record bytea, written_at timestamptz NOT NULL DEFAULT now(), "
        + "damaged bytea, damaged_at timestamptz)";

    private readonly string _table = PostgresFixture.NewTable();
    private readonly string _role = PostgresFixture.NewTable();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private readonly List<PostgresTokenStore> _stores = [];
    private string _administrator = "";

    private static CancellationToken Cancellation => TestRun.Cancellation;

    public async ValueTask InitializeAsync()
    {
        _administrator = await postgres.GetConnectionStringAsync();
        await ExecuteAsync($"CREATE ROLE {_role} LOGIN PASSWORD 'test'; GRANT CREATE ON SCHEMA public TO {_role}");
    }

    [Theory, Trait("Failure", "76")]
    [InlineData(
        "ALTER TABLE {0} RENAME TO {0}_real; CREATE VIEW {0} AS SELECT * FROM {0}_real",
        "is a view; the token store needs a plain table"
    )]
    [InlineData(
        "CREATE FUNCTION f{0}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
            + "CREATE TRIGGER spy BEFORE INSERT OR UPDATE ON {0} FOR EACH ROW EXECUTE FUNCTION f{0}()",
        "has the trigger 'spy', which sees every record; drop it"
    )]
    [InlineData(
        "CREATE FUNCTION f{0}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
            + "CREATE TRIGGER spy AFTER INSERT ON {0} FOR EACH STATEMENT EXECUTE FUNCTION f{0}()",
        "has the trigger 'spy', which sees every record; drop it"
    )]
    [InlineData(
        "CREATE RULE aside AS ON UPDATE TO {0} DO INSTEAD NOTHING",
        "has the rule 'aside', which changes what a statement does; drop it"
    )]
    [InlineData(
        "ALTER TABLE {0} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "has row-level security that applies to this role and may hide records; exempt the role (ALTER ROLE … BYPASSRLS) or disable it"
    )]
    public async Task A_table_that_is_not_plain_is_refused_before_the_first_write(string change, string expected)
    {
        await ExecuteAsRoleAsync(
            $"CREATE TABLE {_table} {Columns};" + change.Replace("{0}", _table, StringComparison.Ordinal)
        );

        var read = await Assert.ThrowsAsync<TokenStoreException>(() => Open().ReadTokenAsync());
        var write = await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("one"));

        Assert.Equal($"The table \"{_table}\" {expected}.", read.Message);
        Assert.Equal(read.Message, write.Message);
        Assert.Equal(0L, await ScalarAsync($"SELECT count(*) FROM {_table}"));
    }

    [Fact, Trait("Failure", "76")]
    public async Task A_table_of_another_role_is_refused_before_the_first_write()
    {
        var other = await NewRoleAsync();
        await ExecuteAsync(
            $"CREATE TABLE {_table} {Columns}; ALTER TABLE {_table} OWNER TO {other}; GRANT ALL ON {_table} TO {_role}"
        );

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("one"));

        Assert.Equal(
            $"The table \"{_table}\" belongs to the role '{other}', which could read and change what this one stores; make another role "
                + $"its owner, or say PostgresTokenStoreOptions.TableOwner = \"{other}\" if that is meant.",
            error.Message
        );
        Assert.Equal(0L, await ScalarAsync($"SELECT count(*) FROM {_table}"));
    }

    [Fact, Trait("Failure", "76")]
    public async Task A_superusers_own_store_trusts_no_other_owner_either()
    {
        var other = await NewRoleAsync();
        await ExecuteAsync($"CREATE TABLE {_table} {Columns}; ALTER TABLE {_table} OWNER TO {other}");

        await Assert.ThrowsAsync<TokenStoreException>(() =>
            Keep(new PostgresTokenStore(_administrator, Options())).WriteAsync("one")
        );
    }

    [Theory, Trait("Failure", "76")]
    [InlineData("this role")]
    [InlineData("a role it is a member of")]
    [InlineData("a superuser")]
    public async Task A_table_of_an_owner_who_may_do_everything_anyway_is_used(string owner)
    {
        await ExecuteAsync($"CREATE TABLE {_table} {Columns}; GRANT SELECT, INSERT, UPDATE ON {_table} TO {_role}");
        if (owner == "this role")
            await ExecuteAsync($"ALTER TABLE {_table} OWNER TO {_role}");
        if (owner == "a role it is a member of")
        {
            var group = await NewRoleAsync();
            await ExecuteAsync($"ALTER TABLE {_table} OWNER TO {group}; GRANT {group} TO {_role}");
        }

        await Open().WriteAsync("one");

        Assert.Equal("one", await Open().ReadTokenAsync());
    }

    [Fact, Trait("Failure", "77")]
    public async Task A_record_beyond_a_mebibyte_is_set_aside_by_its_length()
    {
        var store = Open();
        await store.WriteAsync("one");
        await ExecuteAsync(
            $"UPDATE {_table} SET record = convert_to(repeat(md5('x'), {(TestRun.IsFull ? 183 : 40) * 32768}), 'UTF8')"
        );
        var before = GC.GetTotalAllocatedBytes();

        Assert.Null(await store.ReadTokenAsync());

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 8 << 20);
        Assert.Equal(0L, await ScalarAsync($"SELECT count(*) FROM {_table} WHERE record IS NOT NULL"));
        await store.WriteAsync("two");
        Assert.Equal("two", await store.ReadTokenAsync());
    }

    [Fact, Trait("Failure", "77")]
    public async Task A_lease_comes_upon_a_huge_record_as_a_reader_does()
    {
        var store = Open();
        await store.WriteAsync("one");
        await ExecuteAsync($"UPDATE {_table} SET record = convert_to(repeat('x', {(1 << 20) + 1}), 'UTF8')");

        await store.WriteAsync("two");

        Assert.Equal("two", await store.ReadTokenAsync());
        Assert.Equal(1 << 20, await ScalarAsync($"SELECT octet_length(damaged) FROM {_table}"));
    }

    [Fact, Trait("Failure", "77")]
    public async Task Whoever_holds_advisory_locks_holds_up_nobody()
    {
        await using var connection = new NpgsqlConnection(_administrator);
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var take = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_xact_lock(hashtextextended('TokenAuth table "{_table}"', 0))
            """,
            connection
        );
        await take.ExecuteNonQueryAsync(Cancellation);

        await Open().ReadTokenAsync();
        take.CommandText =
            $"SELECT pg_advisory_xact_lock(hashtextextended('{StoreRecords.Key}', '{_table}'::regclass::oid::bigint))";
        await take.ExecuteNonQueryAsync(Cancellation);
        var waited = Stopwatch.StartNew();
        await Open().WriteAsync("one");

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact, Trait("Failure", "87")]
    public async Task Row_level_security_that_hides_a_record_later_on_is_named()
    {
        await ExecuteAsync($"CREATE TABLE {_table} {Columns}; GRANT SELECT, INSERT, UPDATE ON {_table} TO {_role}");
        var store = Open();
        await store.WriteAsync("one");
        await ExecuteAsync($"ALTER TABLE {_table} ENABLE ROW LEVEL SECURITY");

        var read = await Assert.ThrowsAsync<TokenStoreException>(() => store.ReadTokenAsync());
        var write = await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("two"));

        var expected =
            $"The table \"{_table}\" has row-level security that applies to this role and may hide records; exempt the role "
            + "(ALTER ROLE … BYPASSRLS) or disable it.";
        Assert.Equal(expected, read.Message);
        Assert.Equal(expected, write.Message);
        await ExecuteAsync($"ALTER TABLE {_table} DISABLE ROW LEVEL SECURITY");
        Assert.Equal("one", await store.ReadTokenAsync());
    }

    [Theory, Trait("Failure", "87")]
    [InlineData("SELECT")]
    [InlineData("UPDATE")]
    public async Task A_right_that_is_taken_away_later_on_is_named_with_its_remedy(string right)
    {
        await ExecuteAsync($"CREATE TABLE {_table} {Columns}; GRANT SELECT, INSERT, UPDATE ON {_table} TO {_role}");
        var store = Open();
        await store.WriteAsync("one");
        await ExecuteAsync($"REVOKE {right} ON {_table} FROM {_role}");

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.WriteAsync("two"));

        Assert.Equal(
            $"The role may not use the table \"{_table}\" (permission denied for table {_table}). "
                + $"Run as its owner: GRANT SELECT, INSERT, UPDATE ON \"{_table}\" TO <role>;",
            error.Message
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
    }

    private PostgresTokenStore Open() => Open(Options());

    private PostgresTokenStore Open(PostgresTokenStoreOptions options) =>
        Keep(new PostgresTokenStore(RoleConnectionString, options));

    private string RoleConnectionString =>
        new NpgsqlConnectionStringBuilder(_administrator) { Username = _role, Password = "test" }.ConnectionString;

    private PostgresTokenStore Keep(PostgresTokenStore store)
    {
        _stores.Add(store);

        return store;
    }

    private PostgresTokenStoreOptions Options() => new() { Table = _table, EncryptionKey = _encryptionKey };

    private async Task<string> NewRoleAsync()
    {
        var role = PostgresFixture.NewTable();
        await ExecuteAsync($"CREATE ROLE {role}; GRANT CREATE ON SCHEMA public TO {role}");

        return role;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_administrator);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);

        return await command.ExecuteScalarAsync(Cancellation);
    }

    private Task ExecuteAsync(string sql) => PostgresFixture.ExecuteAsync(_administrator, sql);

    private Task ExecuteAsRoleAsync(string sql) => PostgresFixture.ExecuteAsync(RoleConnectionString, sql);
}
