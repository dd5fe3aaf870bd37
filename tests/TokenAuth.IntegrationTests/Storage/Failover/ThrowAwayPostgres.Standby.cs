using System.Globalization;
using Npgsql;

namespace Fleet;

/// <content>Streaming replication.</content>
public sealed partial class ThrowAwayPostgres
{
    /// <summary>Starts a hot standby that streams from this server.</summary>
    public async Task<ThrowAwayPostgres> StartStandbyAsync()
    {
        var standby = new ThrowAwayPostgres(_binaries, await MakeDirectoryAsync(), FreePort());
        await CopyToAsync(standby);
        await standby.StartAsync();

        return standby;
    }

    /// <summary>Comes back, at its own address, as the standby of the one that has taken over.</summary>
    public async Task FollowAsync(ThrowAwayPostgres primary)
    {
        await StopAsync();
        Directory.Delete(Path.Combine(_directory, "data"), recursive: true);
        await primary.CopyToAsync(this);
        await StartAsync();
    }

    /// <summary>Makes a standby the primary, and returns when it takes writes.</summary>
    public Task PromoteAsync() =>
        RunAsync(
            AsServerUser(
                Path.Combine(_binaries, "pg_ctl"),
                "promote",
                "--wait",
                $"--pgdata={Path.Combine(_directory, "data")}"
            )
        );

    /// <summary>A standby receives nothing more: it lacks what its primary writes from now on.</summary>
    public async Task CutOffAsync()
    {
        await ExecuteAsync("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        while (await ExecuteAsync("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'") is not 0L)
            await Task.Delay(20);
    }

    /// <summary>Returns when a standby has all that this server has written so far.</summary>
    public async Task UntilCopiedAsync()
    {
        var written = await ExecuteAsync("SELECT pg_current_wal_lsn()::text");
        while (
            await ExecuteAsync($"SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= '{written}'") is not 1L
        )
            await Task.Delay(20);
    }

    /// <summary>Its new transactions write nothing, as on a primary that was demoted; its sessions live on.</summary>
    public async Task DemoteAsync()
    {
        await ExecuteAsync("ALTER SYSTEM SET default_transaction_read_only = on");
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    private Task CopyToAsync(ThrowAwayPostgres standby) =>
        RunAsync(
            AsServerUser(
                Path.Combine(_binaries, "pg_basebackup"),
                "--host=127.0.0.1",
                string.Create(CultureInfo.InvariantCulture, $"--port={_port}"),
                "--username=postgres",
                $"--pgdata={Path.Combine(standby._directory, "data")}",
                "--write-recovery-conf",
                "--wal-method=stream",
                "--checkpoint=fast",
                "--no-sync"
            )
        );

    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);

        return await command.ExecuteScalarAsync();
    }
}
