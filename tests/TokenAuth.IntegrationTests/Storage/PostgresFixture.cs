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

    public static async Task ExecuteAsync(string connectionString, string sql)
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
