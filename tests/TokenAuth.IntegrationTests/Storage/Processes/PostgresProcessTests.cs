using System.Diagnostics;

namespace TokenAuth.Tests.Storage;

public sealed class PostgresProcessTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _table = PostgresFixture.NewTable();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private string _connectionString = "";

    public async ValueTask InitializeAsync() => _connectionString = await postgres.GetConnectionStringAsync();

    [Fact, Trait("Failure", "38")]
    public async Task Leases_of_four_processes_exclude_each_other()
    {
        const int processes = 4;
        const int turns = 25;
        var workers = Enumerable.Range(0, processes).Select(_ => Start("count", $"{turns}")).ToList();

        foreach (var worker in workers)
            await worker.ReadToEndAsync();

        await using var store = Open();
        Assert.StartsWith($"access-{processes * turns}-", await store.ReadTokenAsync(), StringComparison.Ordinal);
        workers.ForEach(w => w.Dispose());
    }

    [Fact, Trait("Failure", "39")]
    public async Task A_killed_holder_gives_its_lease_back_at_once()
    {
        using var worker = Start("hold");
        await worker.ReadUntilAsync("held");
        await worker.KillAsync();

        var waited = Stopwatch.StartNew();
        await using var store = Open();
        await store.WriteAsync("one");

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15)); // the lease lasts 20
    }

    [Fact, Trait("Failure", "40")]
    public async Task A_stopped_holder_loses_its_lease_when_that_ends()
    {
        using var worker = Start("hold");
        await worker.ReadUntilAsync("held");
        worker.Stop();

        var waited = Stopwatch.StartNew();
        await using var store = Open();
        await store.WriteAsync("one");

        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(35));
        worker.Continue();
    }

    public ValueTask DisposeAsync() => default;

    private PostgresTokenStore Open() =>
        new(_connectionString, new PostgresTokenStoreOptions { Table = _table, EncryptionKey = _encryptionKey });

    private WorkerProcess Start(params string[] command) =>
        WorkerProcess.Start(_encryptionKey, _connectionString, [$"postgres:{_table}", StoreRecords.Key, .. command]);
}
