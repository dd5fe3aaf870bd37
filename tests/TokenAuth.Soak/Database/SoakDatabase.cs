using System.Globalization;
using System.Net;
using Fleet;
using Npgsql;

namespace TokenAuth.Soak;

/// <summary>
/// The fleet's database: the one that TOKENAUTH_TEST_POSTGRES names, if it is on this machine, or a throw-away one. The fleet reaches it
/// through a proxy that can fail.
/// </summary>
internal sealed class SoakDatabase : IAsyncDisposable
{
    private readonly ThrowAwayPostgres? _own;
    private readonly string _direct;

    private SoakDatabase(ThrowAwayPostgres? own, WorkUnderWay work)
    {
        _own = own;
        // A session of the program's own can write whatever the server's default is.
        var direct = new NpgsqlConnectionStringBuilder(own?.ConnectionString ?? External)
        {
            Options = "-c default_transaction_read_only=off",
            Pooling = false,
        };
        _direct = direct.ConnectionString;
        Proxy = new(direct.Port, work.DatabaseMoves);
        ConnectionString = new NpgsqlConnectionStringBuilder(own?.ConnectionString ?? External)
        {
            Host = IPAddress.Loopback.ToString(),
            Port = Proxy.Port,
            // The driver keeps what an outage made it open for five minutes, which would hide a leak.
            ConnectionIdleLifetime = 10,
            ConnectionPruningInterval = 5,
        }.ConnectionString;
    }

    public static string? External => Environment.GetEnvironmentVariable("TOKENAUTH_TEST_POSTGRES");

    /// <summary>Why there is no database to be had; null when there is one.</summary>
    public static string? Missing =>
        External is null
            ? ThrowAwayPostgres.FindBinaries() is null
                ? "No PostgreSQL server is installed (Debian: apt-get install postgresql), and TOKENAUTH_TEST_POSTGRES names none."
                : null
            : new NpgsqlConnectionStringBuilder(External).Host is "localhost" or "127.0.0.1"
                ? null
                : "TOKENAUTH_TEST_POSTGRES names a server elsewhere; the soak needs one on 127.0.0.1.";

    public DatabaseProxy Proxy { get; }

    /// <summary>Leads through the proxy.</summary>
    public string ConnectionString { get; }

    public string Table { get; } = "soak_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    /// <summary>Whether the server is this program's, to be restarted and set.</summary>
    public bool IsOwn => _own is not null;

    public static async Task<SoakDatabase> StartAsync(WorkUnderWay work)
    {
        var own = External is null ? await ThrowAwayPostgres.StartNewAsync() : null;
        try
        {
            return new(own, work);
        }
        catch
        {
            if (own is not null)
                await own.DisposeAsync();
            throw;
        }
    }

    public Task StopServerAsync(string signal) => _own!.StopAsync(signal);

    public Task StartServerAsync() => _own!.StartAsync();

    public async Task SetReadOnlyAsync(bool isReadOnly)
    {
        await ExecuteAsync($"ALTER SYSTEM SET default_transaction_read_only = {(isReadOnly ? "on" : "off")}");
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        if (_own is not null)
            await _own.DisposeAsync();
        else
            await ExecuteAsync($"DROP TABLE IF EXISTS {Table}");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_direct);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
