using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fleet;

/// <summary>
/// A PostgreSQL server of its own, made from the installed binaries in a temporary directory: loopback, a free port, nothing
/// worth keeping.
/// </summary>
public sealed partial class ThrowAwayPostgres : IAsyncDisposable
{
    private readonly string _binaries;
    private readonly string _directory;
    private readonly int _port;
    private Process? _process;

    private ThrowAwayPostgres(string binaries, string directory, int port)
    {
        _binaries = binaries;
        _directory = directory;
        _port = port;
    }

    /// <summary>The path of the server's programs; null where none are installed.</summary>
    public static string? FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(d =>
                    int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0
                )
                .Select(version => Path.Combine(version, "bin"))
                .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;

    public string ConnectionString => ConnectionStringFor("postgres");

    public bool IsRunning => _process is { HasExited: false };

    public int Port => _port;

    public string LogFile => Path.Combine(_directory, "log");

    public string ConnectionStringFor(string role) =>
        $"Host=127.0.0.1;Port={_port};Database=postgres;Username={role};SSL Mode=Disable";

    /// <summary>Makes and starts one.</summary>
    public static async Task<ThrowAwayPostgres> StartNewAsync()
    {
        var binaries = FindBinaries() ?? throw new InvalidOperationException("No PostgreSQL server is installed.");
        var directory = await MakeDirectoryAsync();
        var data = Path.Combine(directory, "data");
        await RunAsync(
            AsServerUser(Path.Combine(binaries, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync")
        );
        var server = new ThrowAwayPostgres(binaries, directory, FreePort());
        await server.StartAsync();

        return server;
    }

    /// <summary>
    /// Starts it, and again where it has ended at once: the last process of one that was killed may hold the shared memory for a
    /// moment, a client elsewhere its port.
    /// </summary>
    public async Task StartAsync()
    {
        _process = StartServer();
        for (var patience = Stopwatch.StartNew(); !await IsReadyAsync(); )
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(_process.HasExited ? 5 : 30))
                throw new InvalidOperationException(
                    "PostgreSQL does not start: " + await File.ReadAllTextAsync(LogFile)
                );
            await Task.Delay(50);
            if (_process.HasExited)
                _process = StartServer();
        }
    }

    /// <summary>
    /// Ends it: <c>-INT</c> closes every session and leaves in order, <c>-QUIT</c> is a crash, <c>-KILL</c> one without a word
    /// to anybody.
    /// </summary>
    public async Task StopAsync(string signal = "-INT")
    {
        if (_process is not { HasExited: false } process)
            return;

        var server = process.Id.ToString(CultureInfo.InvariantCulture);
        if (signal == "-KILL")
        {
            await RunAsync("kill", "-STOP", server); // or it would replace the first that die by one that outlives it
            await SignalAllAsync(signal); // nobody is left who could end the sessions
        }
        else
        {
            await RunAsync("kill", signal, server);
        }

        await process.WaitForExitAsync();
    }

    /// <summary>The server and its sessions stand still and answer nothing (<c>-STOP</c>), or go on (<c>-CONT</c>).</summary>
    public async Task SignalAllAsync(string signal)
    {
        var server = _process!.Id.ToString(CultureInfo.InvariantCulture);
        await RunAsync("pkill", signal, "-P", server);
        await RunAsync("kill", signal, server);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync("-QUIT");
        _process?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<string> MakeDirectoryAsync()
    {
        var directory = Directory.CreateTempSubdirectory("tokenauth-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", directory); // the server refuses to run as root

        return directory;
    }

    private Process StartServer()
    {
        string[] settings =
        [
            $"port={_port}",
            "listen_addresses=127.0.0.1",
            $"unix_socket_directories={_directory}",
            "fsync=off",
            "max_connections=200",
            "shared_buffers=16MB",
        ];
        var command = AsServerUser([
            Path.Combine(_binaries, "postgres"),
            "-D",
            Path.Combine(_directory, "data"),
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ]);
        // A shell in between only to send the log to a file; "exec" makes the process the server itself.
        return Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", LogFile, .. command]
            )
            {
                UseShellExecute = false,
                WorkingDirectory = _directory,
            }
        )!;
    }

    private async Task<bool> IsReadyAsync()
    {
        using var check = Process.Start(
            new ProcessStartInfo(
                Path.Combine(_binaries, "pg_isready"),
                ["-q", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture)]
            )
        )!;
        await check.WaitForExitAsync();

        return check.ExitCode == 0;
    }

    private static string[] AsServerUser(params string[] command) =>
        Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command]
            : command;

    private static async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {error}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
