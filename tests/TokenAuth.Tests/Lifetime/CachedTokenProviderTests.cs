using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime;

public sealed class CachedTokenProviderTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;

    public CachedTokenProviderTests()
    {
        _source = new ScriptedSource(_time);
        _provider = new CachedTokenProvider(_source, new CachedTokenOptions { Jitter = () => 0.5 }, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task A_fresh_token_is_handed_out_again()
    {
        var first = await _provider.GetTokenAsync(Cancel);
        var second = _provider.GetTokenAsync(Cancel);

        Assert.True(second.IsCompletedSuccessfully);
        Assert.Same(first, await second);
        Assert.Equal(1, _source.Calls);
    }

    [Theory]
    [Trait("Failure", "13")]
    [InlineData(10_000)]
    public async Task Ten_thousand_cold_callers_make_one_call(int callers)
    {
        var release = new TaskCompletionSource();
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };

        var waiting = Enumerable.Range(0, callers).Select(_ => _provider.GetTokenAsync(Cancel).AsTask()).ToArray();
        release.SetResult();
        var tokens = await Task.WhenAll(waiting);

        Assert.Equal(1, _source.Calls);
        Assert.Single(tokens.Distinct());
    }

    // 1 h of life: reuse until 59:00, renewal from 80 % of that, 47:12.
    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task From_its_refresh_instant_a_token_is_renewed_in_the_background(long tick, bool renews)
    {
        var first = await _provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromMinutes(59 * 0.8) + TimeSpan.FromTicks(tick));

        var served = _provider.GetTokenAsync(Cancel);

        Assert.True(served.IsCompletedSuccessfully);
        Assert.Same(first, await served);
        Assert.Equal(renews, _provider.IsRenewing || _source.Calls == 2);
        await Until(() => _source.Calls == (renews ? 2 : 1));
    }

    [Fact]
    [Trait("Failure", "14")]
    public async Task An_early_renewal_blocks_nobody_and_makes_one_call()
    {
        var first = await _provider.GetTokenAsync(Cancel);
        var release = new TaskCompletionSource();
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };
        _time.Advance(TimeSpan.FromMinutes(50));

        var served = Enumerable.Range(0, 1_000).Select(_ => _provider.GetTokenAsync(Cancel)).ToArray();

        Assert.All(served, token => Assert.True(token.IsCompletedSuccessfully));
        Assert.All(served, token => Assert.Same(first, token.Result));
        release.SetResult();
        await Until(() => _provider.GetTokenAsync(Cancel).Result != first);
        Assert.Equal(2, _source.Calls);
    }

    [Theory]
    [InlineData(59, 0, false)]
    [InlineData(59, -1, true)]
    public async Task From_its_reuse_instant_callers_wait(int minutes, long tick, bool isServedAtOnce)
    {
        await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, ct) => new TaskCompletionSource<TokenGrant>().Task.WaitAsync(ct);
        _time.Advance(TimeSpan.FromMinutes(minutes) + TimeSpan.FromTicks(tick));

        var served = _provider.GetTokenAsync(Cancel);

        Assert.Equal(isServedAtOnce, served.IsCompleted);
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task A_token_serves_until_it_expires_while_the_endpoint_is_down()
    {
        var first = await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) => throw ScriptedSource.Transient();

        for (var minute = 1; minute < 60; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Same(first, await _provider.GetTokenAsync(Cancel));
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await _provider.GetTokenAsync(Cancel));
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task Renewal_recovers_within_half_a_minute_of_the_endpoint()
    {
        var first = await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        _time.Advance(TimeSpan.FromMinutes(50));
        var (last, longestPause) = (0, 0);
        for (var second = 0; second < 240; second++)
        {
            var before = _source.Calls;
            await _provider.GetTokenAsync(Cancel);
            await Quiet();
            if (_source.Calls > before)
                (last, longestPause) = (second, Math.Max(longestPause, second - last));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var failedCalls = _source.Calls - 1;
        _source.Answer = null;
        var recovered = 0;
        while (await _provider.GetTokenAsync(Cancel) == first)
        {
            await Quiet();
            _time.Advance(TimeSpan.FromSeconds(1));
            recovered++;
        }

        Assert.InRange(recovered, 0, 31);
        Assert.InRange(longestPause, 23, 31); // jittered by a quarter
        Assert.InRange(failedCalls, 8, 25); // 2 at once, then breaks of 1 s growing to 30 s
    }

    [Fact]
    [Trait("Failure", "16")]
    public async Task Fifty_callers_share_one_failure_and_each_gets_an_exception_of_its_own()
    {
        var release = new TaskCompletionSource();
        _source.Answer = async (_, _) =>
        {
            await release.Task;
            throw ScriptedSource.Transient();
        };

        var waiting = Enumerable.Range(0, 50).Select(_ => _provider.GetTokenAsync(Cancel).AsTask()).ToArray();
        release.SetResult();
        var failures = await Task.WhenAll(waiting.Select(Caught));

        Assert.Equal(1, _source.Calls);
        Assert.All(failures, failure => Assert.Equal("The endpoint failed.", failure.Message));
        Assert.All(failures, failure => Assert.True(failure.IsTransient));
        Assert.Equal(50, failures.Distinct().Count());
    }

    [Fact]
    [Trait("Failure", "17")]
    public async Task The_call_after_a_first_failure_tries_at_once()
    {
        _source.Answer = (call, _) =>
            call == 1 ? throw ScriptedSource.Transient() : Task.FromResult(_source.Grant(call));

        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await _provider.GetTokenAsync(Cancel));
        var token = await _provider.GetTokenAsync(Cancel);

        Assert.Equal("token-2", token.Value);
    }

    [Fact]
    [Trait("Failure", "16")]
    public async Task Repeated_failures_are_not_a_hot_loop()
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient();

        for (var call = 1; call <= 1_000; call++)
        {
            var asked = _provider.GetTokenAsync(Cancel).AsTask();
            Assert.True(call <= 2 || asked.IsFaulted, "A caller waited while renewals were held back.");
            Assert.Equal("The endpoint failed.", (await Caught(asked)).Message);
        }

        Assert.Equal(2, _source.Calls);
    }

    [Theory]
    [Trait("Failure", "34")]
    [InlineData(30, 30)]
    [InlineData(0, 1)]
    [InlineData(31_536_000, 900)]
    public async Task The_endpoint_is_left_alone_as_long_as_it_asks(int askedSeconds, int leftAloneSeconds)
    {
        _source.Answer = (call, _) =>
            call == 1
                ? throw ScriptedSource.Transient(TimeSpan.FromSeconds(askedSeconds))
                : Task.FromResult(_source.Grant(call));
        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await _provider.GetTokenAsync(Cancel));

        _time.Advance(TimeSpan.FromSeconds(leftAloneSeconds) - TimeSpan.FromTicks(1));
        var soon = _provider.GetTokenAsync(Cancel);
        Assert.True(soon.IsFaulted); // fails at once: callers are not put to sleep
        Assert.Equal(1, _source.Calls);

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("token-2", (await _provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "11")]
    public async Task A_cancelled_caller_leaves_the_flight_to_the_others()
    {
        using var gone = new CancellationTokenSource();
        var release = new TaskCompletionSource();
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };

        var leader = _provider.GetTokenAsync(gone.Token).AsTask();
        var other = _provider.GetTokenAsync(Cancel).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader.WaitAsync(_patience, Cancel));
        release.SetResult();

        Assert.Equal("token-1", (await other).Value);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    [Trait("Failure", "11")]
    public async Task A_cancelled_caller_returns_within_50_milliseconds()
    {
        _source.Answer = (_, _) => new TaskCompletionSource<TokenGrant>().Task; // ignores cancellation
        var (leader, follower) = (TimeSpan.MaxValue, TimeSpan.MaxValue);

        for (var i = 0; i < 20; i++) // the fastest one of each: the machine may be busy
        {
            using var provider = new CachedTokenProvider(_source, timeProvider: _time);
            leader = await CancelAsync(provider, leader);
            follower = await CancelAsync(provider, follower);
        }

        Assert.InRange(leader, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.InRange(follower, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));

        static async Task<TimeSpan> CancelAsync(CachedTokenProvider provider, TimeSpan fastest)
        {
            using var gone = new CancellationTokenSource();
            var caller = provider.GetTokenAsync(gone.Token).AsTask();
            var start = TimeProvider.System.GetTimestamp();
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller.WaitAsync(_patience, Cancel));
            var took = TimeProvider.System.GetElapsedTime(start);

            return took < fastest ? took : fastest;
        }
    }

    [Fact]
    [Trait("Failure", "12")]
    public async Task After_two_leaders_that_cancel_the_third_is_served()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var release = new TaskCompletionSource();
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };

        var leaders = new[]
        {
            _provider.GetTokenAsync(first.Token).AsTask(),
            _provider.GetTokenAsync(second.Token).AsTask(),
        };
        await first.CancelAsync();
        await second.CancelAsync();
        foreach (var leader in leaders)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        var third = _provider.GetTokenAsync(Cancel).AsTask();
        release.SetResult();

        Assert.Equal("token-1", (await third).Value);
    }

    [Theory]
    [Trait("Failure", "18")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_ends_every_wait_and_every_timer(bool isUnderWay)
    {
        _source.Answer = (_, _) => new TaskCompletionSource<TokenGrant>().Task; // ignores cancellation
        var waiting = Enumerable.Range(0, 5).Select(_ => _provider.GetTokenAsync(Cancel).AsTask()).ToArray();
        if (isUnderWay)
            await Until(() => _source.Calls == 1);

        _provider.Dispose();

        foreach (var wait in waiting)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => wait).WaitAsync(_patience, Cancel);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _provider.GetTokenAsync(Cancel));
        await Until(() => _time.ActiveTimers == 0);
    }

    [Fact]
    public async Task A_source_that_hangs_is_given_up_after_15_seconds()
    {
        _source.Answer = (_, _) => new TaskCompletionSource<TokenGrant>().Task; // ignores cancellation
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();
        await Until(() => _source.Calls == 1);

        _time.Advance(TimeSpan.FromSeconds(15));

        var failure = await Caught(waiting);
        Assert.True(failure.IsTransient);
        Assert.Equal(
            "Provider 'ScriptedSource' obtained no token: The token endpoint's answer took longer than 15 seconds.",
            failure.Message
        );
    }

    [Fact]
    [Trait("Failure", "21")]
    [Trait("Failure", "23")]
    public async Task Fifty_rejections_of_one_token_are_one_renewal()
    {
        var rejected = await _provider.GetTokenAsync(Cancel);

        for (var i = 0; i < 50; i++)
            _provider.Invalidate(rejected);
        var tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _provider.GetTokenAsync(Cancel).AsTask()));
        _provider.Invalidate(rejected);

        Assert.All(tokens, token => Assert.Equal("token-2", token.Value));
        Assert.Equal("token-2", (await _provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    [Trait("Failure", "22")]
    public async Task A_service_that_rejects_everything_causes_twenty_renewals_an_hour()
    {
        _source.Life = TimeSpan.FromHours(10); // none is renewed for its age
        for (var tick = 0; tick < 60_000; tick++)
        {
            _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(1 + 20, _source.Calls);

        _time.Advance(TimeSpan.FromMinutes(49));
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await _provider.GetTokenAsync(Cancel);
        Assert.Equal(1 + 20, _source.Calls);
    }

    [Theory]
    [Trait("Failure", "22")]
    [InlineData(-1, 21)]
    [InlineData(0, 22)]
    public async Task An_hour_after_a_renewal_for_a_rejection_another_is_allowed(int ticksLater, int calls)
    {
        _source.Life = TimeSpan.FromHours(10);
        for (var i = 0; i < 20; i++)
            _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        _time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(ticksLater));

        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await _provider.GetTokenAsync(Cancel);

        Assert.Equal(calls, _source.Calls);
    }

    [Fact]
    [Trait("Failure", "22")]
    public async Task Rejections_beyond_the_limit_are_warned_of_once_until_a_renewal_is_allowed_again()
    {
        var logs = new RecordedLogs();
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, loggerFactory: logs);

        await RejectAsync(23);
        Assert.Single(logs.Messages(4));
        _time.Advance(TimeSpan.FromHours(1));
        await RejectAsync(23);

        Assert.Equal(2, logs.Messages(4).Count());
        Assert.Equal(2 * 20, logs.Messages(3).Count());

        async Task RejectAsync(int times)
        {
            for (var i = 0; i < times; i++)
                provider.Invalidate(await provider.GetTokenAsync(Cancel));
        }
    }

    [Fact]
    [Trait("Failure", "25")]
    public async Task A_rejected_token_is_never_handed_out_again()
    {
        var rejected = await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) => Task.FromResult(_source.Grant(1));
        _provider.Invalidate(rejected);

        for (var call = 0; call < 100; call++)
        {
            var failure = await Caught(_provider.GetTokenAsync(Cancel).AsTask());
            Assert.Equal(
                "The token endpoint of provider 'ScriptedSource' returned a token that a service has refused before. "
                    + "Check that the token belongs to that service, its region and its project.",
                failure.Message
            );
        }

        Assert.Equal(3, _source.Calls);
    }

    [Fact]
    public async Task A_renewal_is_given_the_previous_grant_also_after_a_rejection()
    {
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await _provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(2));
        await _provider.GetTokenAsync(Cancel);

        Assert.Equal([null, "refresh-1", "refresh-2"], _source.Previous.Select(grant => grant?.RefreshToken));
    }

    [Fact]
    [Trait("Failure", "20")]
    public async Task The_flight_sees_nothing_of_its_first_caller()
    {
        var ambient = new AsyncLocal<string?> { Value = "the caller's" };
        string? seen = "not run";
        _source.Answer = (call, _) =>
        {
            seen = ambient.Value;
            return Task.FromResult(_source.Grant(call));
        };

        await _provider.GetTokenAsync(Cancel);

        Assert.Null(seen);
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData(1)]
    [InlineData(24 * 3650)]
    public async Task A_wall_clock_that_jumps_ahead_costs_one_fetch_and_back_none(int hours)
    {
        await _provider.GetTokenAsync(Cancel);

        _time.JumpWallClock(TimeSpan.FromHours(hours));
        await _provider.GetTokenAsync(Cancel);
        _time.JumpWallClock(TimeSpan.FromHours(-hours));
        await _provider.GetTokenAsync(Cancel);
        Assert.Equal(2, _source.Calls);

        _time.JumpWallClock(TimeSpan.FromHours(-1));
        _time.Advance(TimeSpan.FromHours(1));
        var token = await _provider.GetTokenAsync(Cancel);

        Assert.Equal("token-3", token.Value);
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task A_wall_clock_that_is_set_during_the_request_and_back_lengthens_no_life(int minutes)
    {
        _source.Answer = (call, _) =>
        {
            var before = _source.Grant(call);
            _time.JumpWallClock(TimeSpan.FromMinutes(minutes));
            var after = _source.Grant(call);

            return Task.FromResult(call > 1 || minutes > 0 ? after : before);
        };
        await _provider.GetTokenAsync(Cancel);
        _time.JumpWallClock(TimeSpan.FromMinutes(-minutes));

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("token-2", (await _provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "10")]
    public async Task A_machine_that_slept_past_the_expiry_obtains_a_new_token()
    {
        await _provider.GetTokenAsync(Cancel);

        _time.Suspend(TimeSpan.FromHours(1));

        Assert.Equal("token-2", (await _provider.GetTokenAsync(Cancel)).Value);
    }

    private static async Task<TokenAcquisitionException> Caught(Task task) =>
        await Assert.ThrowsAsync<TokenAcquisitionException>(() => task);

    /// <summary>Lets the flight, which runs on the thread pool, land.</summary>
    private Task Quiet() => Until(() => !_provider.IsRenewing);

    private static async Task Until(Func<bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
