using Fleet;
using Npgsql;
using TokenAuth.Tests.Storage;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace TokenAuth.Tests.Storage;

/// <summary>
/// The database of the tests: the one that TOKENAUTH_TEST_POSTGRES names, or a throw-away one from the installed binaries,
/// started when the first test asks for it. Each test takes a table of its own.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private static readonly SemaphoreSlim _administration = new(1);

    private readonly SemaphoreSlim _gate = new(1);
    private string? _connectionString;
    private ThrowAwayPostgres? _own; // both guarded by _gate

    public async Task<string> GetConnectionStringAsync()
    {
        await _gate.WaitAsync(TestRun.Cancellation);
        try
        {
            return _connectionString ??=
                Environment.GetEnvironmentVariable("TOKENAUTH_TEST_POSTGRES")
                ?? (_own = await StartOwnAsync()).ConnectionString;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>One that the test may stop and freeze.</summary>
    public static async Task<ThrowAwayPostgres> StartOwnAsync()
    {
        Assert.SkipWhen(
            ThrowAwayPostgres.FindBinaries() is null,
            "No PostgreSQL server is installed (Debian: apt-get install postgresql)."
        );

        return await ThrowAwayPostgres.StartNewAsync();
    }

    public static string NewTable() => "t" + Guid.NewGuid().ToString("N");

    /// <summary>One at a time: two GRANTs on one schema fail in one of them.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await _administration.WaitAsync(TestRun.Cancellation);
        try
        {
            await ExecuteAloneAsync(connectionString, sql);
        }
        finally
        {
            _administration.Release();
        }
    }

    private static async Task ExecuteAloneAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestRun.Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestRun.Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
            await _own.DisposeAsync();
        _gate.Dispose();
    }
}
