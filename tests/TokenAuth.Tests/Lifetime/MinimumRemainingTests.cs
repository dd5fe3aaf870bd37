using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>A token with so much life left: for whoever uses it for a while.</summary>
public sealed class MinimumRemainingTests : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan _fiveMinutes = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;

    public MinimumRemainingTests()
    {
        _source = new ScriptedSource(_time) { Life = TimeSpan.FromMinutes(10) };
        _provider = new CachedTokenProvider(_source, new CachedTokenOptions { Jitter = () => 1 }, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData(-1, "token-1")]
    [InlineData(0, "token-1")]
    [InlineData(1, "token-2")]
    public async Task A_token_with_less_left_is_renewed_first(long ticksLater, string expected)
    {
        await _provider.GetTokenAsync(Cancel);
        _time.Advance(_fiveMinutes + TimeSpan.FromTicks(ticksLater));

        var token = await _provider.GetTokenAsync(_fiveMinutes, Cancel);

        Assert.Equal(expected, token.Value);
    }

    [Fact]
    public async Task With_nothing_cached_a_token_is_obtained()
    {
        Assert.Equal("token-1", (await _provider.GetTokenAsync(_fiveMinutes, Cancel)).Value);

        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    [Trait("Failure", "13")]
    public async Task Fifty_callers_make_one_renewal_and_who_needs_no_more_does_not_wait()
    {
        var first = await _provider.GetTokenAsync(Cancel);
        var release = new TaskCompletionSource();
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };
        _time.Advance(_fiveMinutes + _tick);

        var waiting = Enumerable.Range(0, 50).Select(_ => _provider.GetTokenAsync(_fiveMinutes, Cancel)).ToList();
        var served = _provider.GetTokenAsync(Cancel);

        Assert.All(waiting, token => Assert.False(token.IsCompleted));
        Assert.Same(first, await served);
        release.SetResult();
        foreach (var token in waiting)
            Assert.Equal("token-2", (await token).Value);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task A_new_token_that_is_shorter_is_returned_and_not_renewed_for_the_same_minimum_again()
    {
        await _provider.GetTokenAsync(Cancel);

        for (var call = 0; call < 100; call++)
            Assert.Equal("token-2", (await _provider.GetTokenAsync(TimeSpan.MaxValue, Cancel)).Value);

        _time.Advance(_fiveMinutes + _tick);
        Assert.Equal("token-2", (await _provider.GetTokenAsync(TimeSpan.MaxValue, Cancel)).Value);
        Assert.Equal("token-3", (await _provider.GetTokenAsync(_fiveMinutes, Cancel)).Value); // which the next one can reach
        Assert.Equal(3, _source.Calls);
    }

    [Theory]
    [Trait("Failure", "15")]
    [InlineData(5.5, true)] // fresh, early, due
    [InlineData(5.5, false)]
    [InlineData(8.5, false)]
    [InlineData(9.5, true)]
    [InlineData(9.5, false)]
    public async Task The_old_token_is_returned_while_it_is_good_and_the_renewal_fails(double minutes, bool isTransient)
    {
        var first = await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) =>
            throw new TokenAcquisitionException("No.")
            {
                IsTransient = isTransient,
                RetryAfter = TimeSpan.FromSeconds(10),
            };
        _time.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Same(first, await _provider.GetTokenAsync(_fiveMinutes, Cancel));
        var heldBack = _provider.GetTokenAsync(_fiveMinutes, Cancel);

        Assert.True(heldBack.IsCompletedSuccessfully);
        Assert.Same(first, await heldBack);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task An_expired_token_is_not_returned_when_the_renewal_fails()
    {
        await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        _time.Advance(TimeSpan.FromMinutes(10));

        await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await _provider.GetTokenAsync(_fiveMinutes, Cancel)
        );
    }

    [Fact]
    [Trait("Failure", "10")]
    public async Task The_life_that_is_left_counts_by_both_clocks()
    {
        await _provider.GetTokenAsync(Cancel);
        _time.JumpWallClock(TimeSpan.FromMinutes(-3));
        _time.Advance(_fiveMinutes + _tick);

        Assert.Equal("token-2", (await _provider.GetTokenAsync(_fiveMinutes, Cancel)).Value);

        _time.JumpWallClock(_fiveMinutes + _tick);
        Assert.Equal("token-3", (await _provider.GetTokenAsync(_fiveMinutes, Cancel)).Value);
    }

    [Fact]
    public async Task A_token_that_does_not_expire_is_never_short()
    {
        _source.Answer = (_, _) => Task.FromResult(new TokenGrant(new AccessToken("for-ever")));

        await _provider.GetTokenAsync(Cancel);
        await _provider.GetTokenAsync(TimeSpan.MaxValue, Cancel);

        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task A_stored_token_that_is_longer_than_ours_is_the_renewal()
    {
        var store = new ScriptedStore();
        using var provider = new CachedTokenProvider(_source, new CachedTokenOptions(), _time, store);
        await provider.GetTokenAsync(Cancel);
        _time.Advance(_fiveMinutes + _tick);
        store.Record = new(
            new(new AccessToken("theirs", _time.GetUtcNow() + TimeSpan.FromMinutes(10))),
            _time.GetUtcNow()
        );

        Assert.Equal("theirs", (await provider.GetTokenAsync(_fiveMinutes, Cancel)).Value);
        Assert.Equal(1, _source.Calls);
    }

    [Theory]
    [InlineData(-1, "theirs", 0)]
    [InlineData(0, "theirs", 0)]
    [InlineData(1, "token-1", 1)]
    public async Task A_stored_token_with_less_left_is_renewed_in_the_lease(long ticks, string expected, int calls)
    {
        var store = new ScriptedStore { Record = Theirs(_fiveMinutes + TimeSpan.FromTicks(ticks)) };
        using var provider = new CachedTokenProvider(_source, new CachedTokenOptions(), _time, store);

        Assert.Equal(expected, (await provider.GetTokenAsync(_fiveMinutes, Cancel)).Value);

        Assert.Equal(calls, _source.Calls);
        Assert.Equal(calls == 0 ? ["read"] : ["read", "lease", "write", "release"], store.Operations);
    }

    [Fact]
    public async Task A_stored_token_with_less_left_serves_while_it_is_renewed()
    {
        var store = new ScriptedStore { Record = Theirs(age: TimeSpan.FromMinutes(6)) };
        var release = new TaskCompletionSource();
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };
        using var provider = new CachedTokenProvider(_source, new CachedTokenOptions(), _time, store);

        var waiting = provider.GetTokenAsync(_fiveMinutes, Cancel).AsTask();
        await Patience.Until(() => _source.Calls == 1);

        Assert.Equal("theirs", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.False(waiting.IsCompleted);
        release.SetResult();
        Assert.Equal("token-1", (await waiting).Value);
        Assert.Equal(1, _source.Calls);
    }

    [Theory]
    [Trait("Failure", "15")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stored_token_with_less_left_is_returned_when_the_renewal_fails(bool isTransient)
    {
        var store = new ScriptedStore { Record = Theirs(age: TimeSpan.FromMinutes(6)) };
        _source.Answer = (_, _) => throw new TokenAcquisitionException("No.") { IsTransient = isTransient };
        using var provider = new CachedTokenProvider(_source, new CachedTokenOptions(), _time, store);

        Assert.Equal("theirs", (await provider.GetTokenAsync(_fiveMinutes, Cancel)).Value);

        Assert.Equal(1, _source.Calls);
    }

    [Theory]
    [InlineData(0, "longer", 0)]
    [InlineData(6, "token-1", 1)]
    public async Task What_comes_while_the_lease_is_busy_is_taken_where_it_is_long_enough(
        double minutes,
        string expected,
        int calls
    )
    {
        var lease = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new ScriptedStore { Before = (at, _) => at == "lease" ? lease.Task : Task.CompletedTask };
        using var provider = new CachedTokenProvider(_source, new CachedTokenOptions(), _time, store);
        var waiting = provider.GetTokenAsync(_fiveMinutes, Cancel).AsTask();
        await Patience.Until(() => store.Operations.Contains("lease"));

        store.Record = Theirs(age: TimeSpan.FromMinutes(minutes), "longer");
        await _time.AdvanceUntilAsync(
            Patience.Until(() => provider.TokenInUse is not null),
            TimeSpan.FromMilliseconds(500),
            100
        );
        lease.SetResult();

        Assert.Equal(expected, (await waiting).Value);
        Assert.Equal(calls, _source.Calls);
    }

    [Fact]
    public async Task Who_joins_the_renewal_of_another_is_not_given_a_stored_token_with_less_left()
    {
        var store = new ScriptedStore { Record = Theirs(age: TimeSpan.FromMinutes(6)) };
        var release = new TaskCompletionSource();
        store.Before = (_, _) => release.Task;
        using var provider = new CachedTokenProvider(_source, new CachedTokenOptions(), _time, store);

        var any = provider.GetTokenAsync(Cancel).AsTask();
        var longer = provider.GetTokenAsync(_fiveMinutes, Cancel).AsTask();
        release.SetResult();

        Assert.Equal("token-1", (await longer).Value);
        Assert.True((await any).Value is "theirs" or "token-1"); // whichever is there when it goes on
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    [Trait("Failure", "11")]
    public async Task A_cancelled_caller_leaves_the_renewal_to_the_others()
    {
        await _provider.GetTokenAsync(Cancel);
        var release = new TaskCompletionSource();
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };
        _time.Advance(_fiveMinutes + _tick);
        using var gone = new CancellationTokenSource();

        var leader = _provider.GetTokenAsync(_fiveMinutes, gone.Token).AsTask();
        var other = _provider.GetTokenAsync(_fiveMinutes, Cancel).AsTask();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        release.SetResult();
        Assert.Equal("token-2", (await other).Value);
    }

    [Fact]
    [Trait("Failure", "18")]
    public async Task Who_waits_is_told_when_the_provider_ends()
    {
        await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) => new TaskCompletionSource<TokenGrant>().Task;
        _time.Advance(_fiveMinutes + _tick);
        var waiting = _provider.GetTokenAsync(_fiveMinutes, Cancel).AsTask();
        await Patience.Until(() => _source.Calls == 2);

        _provider.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task A_provider_that_is_not_the_engine_returns_what_it_has()
    {
        ITokenProvider provider = new StaticTokenProvider("service-token");

        Assert.Equal("service-token", (await provider.GetTokenAsync(_fiveMinutes, Cancel)).Value);
    }

    [Fact]
    public async Task A_negative_minimum_and_a_missing_provider_are_refused()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await _provider.GetTokenAsync(-_tick, Cancel)
        );

        Assert.StartsWith(
            "The minimum of remaining life is negative; give zero or more.",
            refusal.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("minimumRemaining", refusal.ParamName);
        await Assert.ThrowsAsync<ArgumentNullException>(
            "provider",
            async () => await ((ITokenProvider)null!).GetTokenAsync(_fiveMinutes, Cancel)
        );
    }

    private TokenRecord Theirs(TimeSpan age, string token = "theirs") =>
        new(
            new TokenGrant(new AccessToken(token, _time.GetUtcNow() - age + TimeSpan.FromMinutes(10))),
            _time.GetUtcNow() - age
        );
}
