using System.Diagnostics;

namespace TokenAuth.Tests.Storage;

public sealed class RedisProcessTests(RedisFixture redis) : IAsyncLifetime
{
    private readonly string _prefix = $"p{Guid.NewGuid():N}";
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private string _configuration = "";

    public async ValueTask InitializeAsync() => _configuration = await redis.GetConfigurationAsync();

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
    public async Task A_killed_holder_is_waited_for_and_no_longer_than_its_lease()
    {
        using var worker = Start("hold");
        await worker.ReadUntilAsync("held");
        await worker.KillAsync();

        var waited = Stopwatch.StartNew();
        await using var store = Open();
        await store.WriteAsync("one");

        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(28));
    }

    [Fact, Trait("Failure", "85")]
    public async Task Fifty_first_starts_at_once_are_served_one_after_the_other()
    {
        var stores = Enumerable.Range(0, 50).Select(_ => Open()).ToList();
        var waited = Stopwatch.StartNew();

        await Task.WhenAll(
            stores.Select(
                async (store, i) =>
                {
                    await store.ReadTokenAsync();
                    await store.WriteAsync($"token-{i}");
                }
            )
        );

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20)); // a provider waits 21 for its turn
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    public ValueTask DisposeAsync() => default;

    private RedisTokenStore Open() =>
        new(_configuration, new RedisTokenStoreOptions { KeyPrefix = _prefix, EncryptionKey = _encryptionKey });

    private WorkerProcess Start(params string[] command) =>
        WorkerProcess.Start(_encryptionKey, _configuration, [$"redis:18:{_prefix}", StoreRecords.Key, .. command]);
}
