namespace TokenAuth.Tests.Storage;

/// <summary>One of the persistent stores, empty, for tests that run over all of them; processes share it by its address.</summary>
public sealed class StoreUnderTest : IDisposable
{
    // Redis frees the lease of a dead holder when it ends. RedisProcessTests waits for a whole one.
    private const int RedisLease = 3;

    private readonly TestDirectory? _directory;
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private readonly string? _server;
    private readonly string _address;
    private readonly int _redisLease;
    private readonly List<WorkerProcess> _workers = [];

    private StoreUnderTest(TestDirectory? directory, string? server, string address, int redisLease = RedisLease)
    {
        _directory = directory;
        _server = server;
        _address = address;
        _redisLease = redisLease;
    }

    /// <param name="redisLease">In seconds, where the store is Redis.</param>
    public static async Task<StoreUnderTest> CreateAsync(
        string kind,
        PostgresFixture postgres,
        RedisFixture redis,
        int redisLease = RedisLease
    )
    {
        var name = PostgresFixture.NewTable();
        switch (kind)
        {
            case "postgres":
                return new(null, await postgres.GetConnectionStringAsync(), $"postgres:{name}");

            case "redis":
                return new(null, await redis.GetConfigurationAsync(), $"redis:{redisLease}:{name}", redisLease);

            default:
                var directory = new TestDirectory();

                return new(directory, null, $"file:{directory.Store}");
        }
    }

    /// <summary>Opens it as another process would, and closes it again.</summary>
    public async Task<T> UseAsync<T>(Func<ITokenStore, Task<T>> use)
    {
        var store = Open();
        try
        {
            return await use(store);
        }
        finally
        {
            if (store is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
        }
    }

    public WorkerProcess StartWorker(string subject, params string[] command)
    {
        var worker = WorkerProcess.Start(_encryptionKey, _server, [_address, subject, .. command]);
        _workers.Add(worker);

        return worker;
    }

    public void Dispose()
    {
        _workers.ForEach(worker => worker.Dispose()); // one that a failed test left would write into the directory while it is deleted
        _directory?.Dispose();
    }

    private ITokenStore Open() =>
        _address.Split(':') switch
        {
            ["postgres", var table] => new PostgresTokenStore(
                _server!,
                new PostgresTokenStoreOptions { Table = table, EncryptionKey = _encryptionKey }
            ),
            ["redis", _, var prefix] => new RedisTokenStore(
                _server!,
                new RedisTokenStoreOptions
                {
                    KeyPrefix = prefix,
                    EncryptionKey = _encryptionKey,
                    Lease = TimeSpan.FromSeconds(_redisLease),
                }
            ),
            _ => new FileTokenStore(
                new FileTokenStoreOptions { Directory = _directory!.Store, EncryptionKey = _encryptionKey }
            ),
        };
}
