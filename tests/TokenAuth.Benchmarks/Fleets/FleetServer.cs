using Fleet;

namespace TokenAuth.Benchmarks;

/// <summary>One of the stores that processes share, with a server of its own from the installed programs.</summary>
internal sealed class FleetServer : IAsyncDisposable
{
    private readonly IAsyncDisposable _server;

    private FleetServer(string name, string address, IAsyncDisposable server)
    {
        Name = name;
        Address = address;
        _server = server;
    }

    public string Name { get; }

    public string Address { get; }

    /// <summary>Those that this machine has; of the others a line on the error output tells.</summary>
    public static async Task<IReadOnlyList<FleetServer>> StartAllAsync()
    {
        var servers = new List<FleetServer> { OnFiles(new FleetDirectory()) };
        if (ThrowAwayPostgres.FindBinaries() is null)
            await SkipAsync(FleetStore.Postgres, "postgresql");
        else
            servers.Add(OnPostgres(await ThrowAwayPostgres.StartNewAsync()));
        if (ThrowAwayRedis.FindProgram() is null)
            await SkipAsync(FleetStore.Redis, "redis-server");
        else
            servers.Add(OnRedis(await ThrowAwayRedis.StartNewAsync("--appendonly", "yes")));

        return servers;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static FleetServer OnFiles(FleetDirectory directory) => new(FleetStore.File, directory.Store, directory);

    private static FleetServer OnPostgres(ThrowAwayPostgres postgres) =>
        new(FleetStore.Postgres, postgres.ConnectionString, postgres);

    private static FleetServer OnRedis(ThrowAwayRedis redis) => new(FleetStore.Redis, redis.Configuration, redis);

    private static Task SkipAsync(string server, string package) =>
        Console.Error.WriteLineAsync($"No rows of {server}: it is not installed (Debian: apt-get install {package}).");
}
