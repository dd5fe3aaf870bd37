using System.Security.Cryptography;
using Fleet;

namespace TokenAuth.Benchmarks;

/// <summary>One of the stores that processes share, with a server of its own from the installed programs.</summary>
internal sealed class FleetServer : IAsyncDisposable
{
    private readonly string _encryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly IAsyncDisposable? _server;
    private readonly Func<string, ITokenStore> _open;

    private FleetServer(string name, IAsyncDisposable? server, Func<string, ITokenStore> open)
    {
        Name = name;
        _server = server;
        _open = open;
    }

    public string Name { get; }

    /// <summary>Those that this machine has; of the others a line on the error output tells.</summary>
    public static async Task<IReadOnlyList<FleetServer>> StartAllAsync()
    {
        var servers = new List<FleetServer> { OnFiles() };
        if (ThrowAwayPostgres.FindBinaries() is null)
            await SkipAsync("PostgreSQL", "postgresql");
        else
            servers.Add(OnPostgres(await ThrowAwayPostgres.StartNewAsync()));
        if (ThrowAwayRedis.FindProgram() is null)
            await SkipAsync("Redis", "redis-server");
        else
            servers.Add(OnRedis(await ThrowAwayRedis.StartNewAsync("--appendonly", "yes")));

        return servers;
    }

    /// <summary>As one more process would.</summary>
    public ITokenStore Open() => _open(_encryptionKey);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static FleetServer OnFiles()
    {
        var directory = new FleetDirectory();

        return new(
            "file",
            directory,
            key => new FileTokenStore(new FileTokenStoreOptions { Directory = directory.Store, EncryptionKey = key })
        );
    }

    private static FleetServer OnPostgres(ThrowAwayPostgres postgres) =>
        new(
            "PostgreSQL",
            postgres,
            key => new PostgresTokenStore(
                postgres.ConnectionString,
                new PostgresTokenStoreOptions { EncryptionKey = key }
            )
        );

    private static FleetServer OnRedis(ThrowAwayRedis redis) =>
        new(
            "Redis",
            redis,
            key => new RedisTokenStore(redis.Configuration, new RedisTokenStoreOptions { EncryptionKey = key })
        );

    private static Task SkipAsync(string server, string package) =>
        Console.Error.WriteLineAsync($"No rows of {server}: it is not installed (Debian: apt-get install {package}).");
}
