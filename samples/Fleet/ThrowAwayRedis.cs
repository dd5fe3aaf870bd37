using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet;

/// <summary>
/// A Redis server of its own, from the installed program: loopback, a free port, a temporary directory, nothing kept unless a setting says so.
/// </summary>
public sealed class ThrowAwayRedis : IAsyncDisposable
{
    private readonly string _program;
    private readonly string _directory;
    private readonly IReadOnlyList<string> _settings;
    private Process? _process;

    private ThrowAwayRedis(string program, IReadOnlyList<string> settings)
    {
        _program = program;
        _settings = settings;
        _directory = Directory.CreateTempSubdirectory("tokenauth-redis-").FullName;
        Port = FreePort();
    }

    public int Port { get; }

    /// <summary>As StackExchange.Redis reads it.</summary>
    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The path of the server's program; null where none is installed.</summary>
    public static string? FindProgram() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Append("/usr/bin")
            .Append("/usr/local/bin")
            .Select(directory => Path.Combine(directory, "redis-server"))
            .FirstOrDefault(File.Exists);

    /// <summary>Starts one.</summary>
    /// <param name="settings">As on the command line, after those that make it throw-away: <c>--maxmemory-policy allkeys-lru</c>.</param>
    public static async Task<ThrowAwayRedis> StartNewAsync(params string[] settings)
    {
        var server = new ThrowAwayRedis(
            FindProgram() ?? throw new InvalidOperationException("No Redis server is installed."),
            settings
        );
        await server.StartAsync();

        return server;
    }

    /// <summary>Starts it, and returns when it takes commands.</summary>
    public async Task StartAsync()
    {
        Start();
        for (var patience = Stopwatch.StartNew(); !await IsReadyAsync(); )
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(_process!.HasExited ? 5 : 30))
                throw new InvalidOperationException("Redis does not start: " + await File.ReadAllTextAsync(LogFile));
            await Task.Delay(20);
            if (_process.HasExited)
                Start();
        }
    }

    /// <summary>Starts it, and returns at once.</summary>
    public void Start()
    {
        string[] own =
        [
            "--port",
            Port.ToString(CultureInfo.InvariantCulture),
            "--bind",
            "127.0.0.1",
            "--dir",
            _directory,
            "--logfile",
            LogFile,
            "--save",
            "",
            "--appendonly",
            "no",
        ];
        _process = Process.Start(new ProcessStartInfo(_program, [.. own, .. _settings]) { UseShellExecute = false })!;
    }

    /// <summary>Ends it: <c>-TERM</c> leaves in order, <c>-KILL</c> without a word to anybody.</summary>
    public async Task StopAsync(string signal = "-TERM")
    {
        if (!IsRunning)
            return;

        await SignalAsync("-CONT"); // one that stands still would not hear of it
        await SignalAsync(signal);
        await _process!.WaitForExitAsync();
    }

    /// <summary>It stands still and answers nothing (<c>-STOP</c>), or goes on (<c>-CONT</c>).</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Sends one command without a client and returns the first line of the response.</summary>
    public async Task<string> SendAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream);

        return await reader.ReadLineAsync() ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync("-KILL");
        _process?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string LogFile => Path.Combine(_directory, "log");

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return await SendAsync("PING") is "+PONG" or ['-', 'N', 'O', 'A', 'U', 'T', 'H', ..];
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
