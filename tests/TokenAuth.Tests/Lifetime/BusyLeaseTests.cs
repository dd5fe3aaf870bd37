using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>Many processes start at once: each waits for the lease of the one that renews for all.</summary>
[Trait("Failure", "85")]
public sealed class BusyLeaseTests : IDisposable
{
    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedStore _store = new();
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;
    private readonly TaskCompletionSource _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BusyLeaseTests()
    {
        _source = new ScriptedSource(_time);
        _provider = new CachedTokenProvider(_source, new CachedTokenOptions { StoreKey = "voice" }, _time, _store);
        _store.Before = (operation, _) => operation == "lease" ? _lease.Task : Task.CompletedTask;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task What_another_process_stores_meanwhile_is_taken_although_the_lease_stays_busy()
    {
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _store.Operations.Contains("lease"));
        _store.Record = Theirs();

        var token = await _time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1), maxSteps: 3);

        Assert.Equal("theirs", token.Value);
        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    public async Task A_lease_that_comes_after_its_waiter_has_left_is_given_back()
    {
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _store.Operations.Contains("lease"));
        _store.Record = Theirs();
        await _time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1), maxSteps: 3);

        _lease.SetResult();

        await Patience.Until(() => _store.Operations.Last() == "release");
    }

    // The first read takes too long on a machine that starves.
    [Theory]
    [InlineData("throws")]
    [InlineData("hangs")]
    public async Task A_busy_lease_is_no_dead_store_whatever_the_first_read_did(string firstRead)
    {
        var reads = 0;
        _store.Before = (operation, _) =>
            operation == "lease" ? _lease.Task
            : operation != "read" || Interlocked.Increment(ref reads) > 1 ? Task.CompletedTask
            : firstRead == "throws" ? throw new TokenStoreException("The disk is slow.")
            : new TaskCompletionSource().Task;
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            _time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1))
        );

        Assert.Equal(
            "Provider 'ScriptedSource' has waited 21 seconds for another process that is renewing the same grant. The next call tries again. "
                + "If it lasts, look for the process that holds the lease and does not end.",
            failure.Message
        );
        Assert.True(failure.IsTransient);
        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task Beside_a_store_that_never_readings_the_vendor_is_asked()
    {
        _store.Before = (_, _) => new TaskCompletionSource().Task;
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();

        var token = await _time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1));

        Assert.Equal("token-1", token.Value);
    }

    [Fact]
    public async Task Fifty_processes_make_one_call_and_all_are_served_while_the_first_one_holds_the_lease()
    {
        var holder = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _store.Operations.Contains("lease"));
        var others = Enumerable
            .Range(0, 49)
            .Select(_ => new CachedTokenProvider(
                _source,
                new CachedTokenOptions { StoreKey = "voice" },
                _time,
                new LeaselessStore(_store)
            ))
            .ToList();
        var waiting = others.ConvertAll(other => other.GetTokenAsync(Cancel).AsTask());

        _lease.SetResult();
        var tokens = await _time.AdvanceUntilAsync(Task.WhenAll(waiting), TimeSpan.FromSeconds(1));

        Assert.All(tokens, token => Assert.Equal("token-1", token.Value));
        Assert.Equal("token-1", (await holder).Value);
        Assert.Equal(1, _source.Calls);
        others.ForEach(other => other.Dispose());
    }

    private TokenRecord Theirs() =>
        new(new TokenGrant(new AccessToken("theirs", _time.GetUtcNow() + TimeSpan.FromHours(1))), _time.GetUtcNow());

    /// <summary>The same record, and a lease that somebody else always has.</summary>
    private sealed class LeaselessStore(ScriptedStore store) : ITokenStore
    {
        public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
            store.ReadAsync(key, cancellationToken);

        public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

            return store;
        }

        public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) => default;
    }
}
