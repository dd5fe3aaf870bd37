namespace TokenAuth.Tests.Storage;

/// <summary>One of the two persistent stores, empty, for tests that run over both; processes share it by its address.</summary>
public sealed class StoreUnderTest : IDisposable
{
    private readonly TestDirectory? _directory;
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private readonly string? _connectionString;
    private readonly string _table = PostgresFixture.NewTable();
    private readonly List<WorkerProcess> _workers = [];

    private StoreUnderTest(TestDirectory? directory, string? connectionString)
    {
        _directory = directory;
        _connectionString = connectionString;
    }

    public static async Task<StoreUnderTest> CreateAsync(string kind, PostgresFixture postgres) =>
        kind switch
        {
            "file" => new StoreUnderTest(new TestDirectory(), null),
            _ => new StoreUnderTest(null, await postgres.GetConnectionStringAsync()),
        };

    /// <summary>Opens it as another process would, and closes it again.</summary>
    public async Task<T> UseAsync<T>(Func<ITokenStore, Task<T>> use)
    {
        if (_directory is not null)
            return await use(
                new FileTokenStore(
                    new FileTokenStoreOptions { Directory = _directory.Store, EncryptionKey = _encryptionKey }
                )
            );

        await using var store = new PostgresTokenStore(
            _connectionString!,
            new PostgresTokenStoreOptions { Table = _table, EncryptionKey = _encryptionKey }
        );

        return await use(store);
    }

    public WorkerProcess StartWorker(string subject, params string[] command)
    {
        var worker = WorkerProcess.Start(
            _encryptionKey,
            _connectionString,
            [_directory is null ? $"postgres:{_table}" : $"file:{_directory.Store}", subject, .. command]
        );
        _workers.Add(worker);

        return worker;
    }

    public void Dispose()
    {
        _workers.ForEach(worker => worker.Dispose()); // one that a failed test left would write into the directory while it is deleted
        _directory?.Dispose();
    }
}
