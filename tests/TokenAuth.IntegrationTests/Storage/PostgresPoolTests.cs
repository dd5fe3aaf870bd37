using Npgsql;

namespace TokenAuth.Tests.Storage;

/// <summary>A pool whose connections are few, and vendors that do not answer while their leases hold them.</summary>
public sealed class PostgresPoolTests(PostgresFixture postgres)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _table = PostgresFixture.NewTable();

    private static CancellationToken Cancellation => TestRun.Cancellation;

    [Fact, Trait("Failure", "75")]
    public async Task Vendors_that_do_not_answer_keep_nobody_from_a_token_that_is_stored()
    {
        await using var store = await OpenAsync(poolSize: 2);
        await WriteTokenAsync(store);
        var never = new TaskCompletionSource<TokenGrant>();
        var stuck = Enumerable.Range(0, 2).Select(_ => NewSource((_, _) => never.Task)).ToList();
        var source = NewSource(answer: null);
        await using var first = Provider("first", stuck[0], store);
        await using var second = Provider("second", stuck[1], store);
        await using var third = Provider("third", source, store);
        var waiting = new[] { first.GetTokenAsync(Cancellation).AsTask(), second.GetTokenAsync(Cancellation).AsTask() };
        while (stuck.All(s => s.Calls == 0))
            await Task.Delay(20, Cancellation);
        await Task.WhenAny(UntilAsync(() => stuck.All(s => s.Calls == 1)), Task.Delay(1_000, Cancellation));

        var token = await third.GetTokenAsync(Cancellation).AsTask().WaitAsync(_patience, Cancellation);

        Assert.Equal("stored", token.Value);
        Assert.Equal(0, source.Calls);
        never.SetResult(
            new TokenGrant(new AccessToken("late", TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)))
        );
        Assert.All(await Task.WhenAll(waiting).WaitAsync(_patience, Cancellation), t => Assert.Equal("late", t.Value));
    }

    [Fact, Trait("Failure", "83")]
    public async Task More_leases_than_the_pool_allows_are_granted_one_after_the_other()
    {
        await using var store = await OpenAsync(poolSize: 3);
        await store.ReadTokenAsync();
        var running = 0;
        var most = 0;

        var turns = Enumerable
            .Range(0, 12)
            .Select(async i =>
            {
                await using var lease = await store.AcquireLeaseAsync($"key-{i}", Cancellation);
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Delay(10, Cancellation);
                Interlocked.Decrement(ref running); // a write gives the lease back
                if (i % 3 == 0)
                    await lease.WriteAsync(StoreRecords.Create("one"), Cancellation);
            });

        await Task.WhenAll(turns).WaitAsync(_patience, Cancellation);
        Assert.Equal(2, most);
    }

    [Fact, Trait("Failure", "83")]
    public async Task Who_gives_up_waiting_for_one_of_the_pools_leases_takes_none_with_it()
    {
        await using var store = await OpenAsync(poolSize: 2);
        for (var round = 0; round < 3; round++)
        {
            using var impatient = new CancellationTokenSource();
            var held = await store.AcquireLeaseAsync("held", Cancellation);
            var waiting = store.AcquireLeaseAsync("another", impatient.Token).AsTask();
            var busy = store.AcquireLeaseAsync("held", impatient.Token).AsTask();
            await Task.Delay(200, Cancellation);
            Assert.False(waiting.IsCompleted);

            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => busy);
            await held.DisposeAsync();
            await held.DisposeAsync();
        }

        await store.TakeLeaseAsync(within: TimeSpan.FromSeconds(5));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; )
            seen = Interlocked.CompareExchange(ref most, value, seen);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(20, Cancellation);
    }

    private static ScriptedSource NewSource(Func<int, CancellationToken, Task<TokenGrant>>? answer) =>
        new(TimeProvider.System) { Answer = answer };

    private static CachedTokenProvider Provider(string name, ITokenSource source, ITokenStore store) =>
        new(source, new CachedTokenOptions { ProviderName = name, StoreKey = name }, store: store);

    private static async Task WriteTokenAsync(PostgresTokenStore store)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var lease = await store.AcquireLeaseAsync("third", Cancellation);
        await lease.WriteAsync(
            new TokenRecord(new TokenGrant(new AccessToken("stored", now + TimeSpan.FromHours(1))), now),
            Cancellation
        );
    }

    private async Task<PostgresTokenStore> OpenAsync(int poolSize)
    {
        var settings = new NpgsqlConnectionStringBuilder(await postgres.GetConnectionStringAsync())
        {
            MaxPoolSize = poolSize,
        };

        return new PostgresTokenStore(
            settings.ConnectionString,
            new PostgresTokenStoreOptions { Table = _table, AllowUnencrypted = true }
        );
    }
}
