using Fleet;

namespace TokenAuth.Tests.Storage;

/// <summary>A store that goes away from all its processes at once.</summary>
internal sealed class InterruptedStore : IAsyncDisposable
{
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private readonly string _address;
    private readonly string? _server;
    private readonly Func<Task> _takeAway;
    private readonly IAsyncDisposable? _owned;
    private readonly List<WorkerProcess> _workers = [];

    private InterruptedStore(string address, string? server, Func<Task> takeAway, IAsyncDisposable? owned)
    {
        _address = address;
        _server = server;
        _takeAway = takeAway;
        _owned = owned;
    }

    public static async Task<InterruptedStore> StartAsync(string kind, TestDirectory directory) =>
        kind switch
        {
            "postgres" => OnPostgres(await PostgresFixture.StartOwnAsync()),
            "redis" => OnRedis(await RedisFixture.StartOwnAsync()),
            _ => OnFiles(directory.Store),
        };

    public Task TakeAwayAsync() => _takeAway();

    public WorkerProcess StartWorker(string subject, params string[] command)
    {
        var worker = WorkerProcess.Start(_encryptionKey, _server, [_address, subject, .. command]);
        _workers.Add(worker);

        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        _workers.ForEach(worker => worker.Dispose());
        if (_owned is not null)
            await _owned.DisposeAsync();
    }

    private static InterruptedStore OnPostgres(ThrowAwayPostgres postgres) =>
        new($"postgres:{PostgresFixture.NewTable()}", postgres.ConnectionString, () => postgres.StopAsync(), postgres);

    private static InterruptedStore OnRedis(ThrowAwayRedis redis) =>
        new("redis:18:outage", redis.Configuration, () => redis.StopAsync(), redis);

    // A file in the place of the directory.
    private static InterruptedStore OnFiles(string directory) =>
        new(
            $"file:{directory}",
            null,
            async () =>
            {
                Directory.Delete(directory, recursive: true);
                await File.WriteAllTextAsync(directory, "");
            },
            owned: null
        );
}
