using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace TokenAuth.Tests.Storage;

/// <summary>A PgBouncer that pools transactions, in front of one database: loopback, a free port.</summary>
public sealed class ThrowAwayPgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly string _directory = Directory.CreateTempSubdirectory("tokenauth-pgbouncer-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    private ThrowAwayPgBouncer(string database) =>
        ConnectionString = new NpgsqlConnectionStringBuilder(database)
        {
            Host = "127.0.0.1",
            Port = _port,
        }.ConnectionString;

    public string ConnectionString { get; }

    /// <param name="settings">More lines of its <c>[pgbouncer]</c> section.</param>
    public static async Task<ThrowAwayPgBouncer> StartAsync(string database, params string[] settings)
    {
        Assert.SkipUnless(File.Exists(Program), "No PgBouncer is installed (Debian: apt-get install pgbouncer).");
        var bouncer = new ThrowAwayPgBouncer(database);
        var target = new NpgsqlConnectionStringBuilder(database);
        var users = Path.Combine(bouncer._directory, "users.txt");
        var configuration = Path.Combine(bouncer._directory, "pgbouncer.ini");
        await File.WriteAllTextAsync(users, $"\"{target.Username}\" \"{target.Password}\"\n");
        await File.WriteAllLinesAsync(
            configuration,
            [
                "[databases]",
                $"* = host={target.Host} port={target.Port}",
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                $"listen_port = {bouncer._port}",
                "unix_socket_dir =",
                "auth_type = trust",
                $"auth_file = {users}",
                "pool_mode = transaction",
                .. settings,
            ]
        );
        await bouncer.StartProcessAsync(configuration);

        return bouncer;
    }

    /// <summary>Kills it, and starts it anew at its address.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartProcessAsync(Path.Combine(_directory, "pgbouncer.ini"));
    }

    /// <summary>It stands still and answers nothing (<c>-STOP</c>), or goes on (<c>-CONT</c>).</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StopAsync()
    {
        if (_process is not { HasExited: false } process)
            return;

        process.Kill();
        await process.WaitForExitAsync();
    }

    private async Task StartProcessAsync(string configuration)
    {
        // It refuses to run as root, and the other user must be able to read its files.
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", Program, "-q", configuration]
            : [Program, "-q", configuration];
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        _process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardError = true }
        )!;
        for (var patience = Stopwatch.StartNew(); !await IsListeningAsync(); await Task.Delay(20))
            if (_process.HasExited || patience.Elapsed > TimeSpan.FromSeconds(20))
                throw new InvalidOperationException("PgBouncer does not start.");
    }

    private async Task<bool> IsListeningAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
