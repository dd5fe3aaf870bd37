using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>What other people's code must not be able to do to the engine: sources that block, loggers that throw, stores that bring back old tokens.</summary>
public sealed class HardenedLifetimeTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;

    public HardenedLifetimeTests() => _source = new ScriptedSource(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Failure", "25")]
    public async Task A_stored_token_that_a_service_refused_is_not_restored()
    {
        var store = new ScriptedStore(new TokenRecord(_source.Grant(1), _time.GetUtcNow()));
        _time.Advance(TimeSpan.FromMinutes(59.5)); // due, not expired
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        var stored = await provider.GetTokenAsync(Cancel);

        provider.Invalidate(stored);

        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await provider.GetTokenAsync(Cancel));
    }

    [Theory]
    [Trait("Failure", "25")]
    [InlineData("write")] // the vendor has given the same token again, and the store is slow to take it
    [InlineData("release")] // another process has stored the same token again, and the store is slow to take the lease back
    public async Task A_token_that_a_service_refuses_while_it_is_being_renewed_is_not_handed_out_again(string slow)
    {
        var store = new ScriptedStore();
        _source.Answer = (call, _) => Task.FromResult(_source.Grant(slow == "write" && call < 3 ? 1 : call));
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        var first = await provider.GetTokenAsync(Cancel);
        await Patience.Until(() => !provider.IsRenewing);
        _time.Advance(TimeSpan.FromMinutes(55));
        var held = new TaskCompletionSource();
        var isHeld = false;
        store.Before = (operation, _) =>
        {
            if (operation == "lease" && slow == "release")
                store.Record = new TokenRecord(_source.Grant(1), _time.GetUtcNow());
            if (operation != slow)
                return Task.CompletedTask;

            isHeld = true;
            return held.Task;
        };

        Assert.Equal("token-1", (await provider.GetTokenAsync(Cancel)).Value); // begins an early renewal
        await Patience.Until(() => isHeld);
        provider.Invalidate(first);
        held.SetResult();
        await Patience.Until(() => !provider.IsRenewing);

        Assert.NotEqual("token-1", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "16")]
    public async Task After_many_successes_a_failing_endpoint_is_no_hot_loop_either()
    {
        using var provider = new CachedTokenProvider(_source, timeProvider: _time);
        for (var i = 0; i < 20; i++)
            provider.Invalidate(await provider.GetTokenAsync(Cancel));
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        _time.Advance(TimeSpan.FromSeconds(1));
        var before = _source.Calls;

        for (var call = 0; call < 100; call++)
            await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await provider.GetTokenAsync(Cancel));

        Assert.Equal(2, _source.Calls - before);
    }

    [Fact]
    [Trait("Failure", "2")]
    public async Task A_source_that_blocks_its_thread_is_given_up_too()
    {
        using var blocked = new ManualResetEventSlim();
        _source.Answer = (call, _) =>
        {
            blocked.Wait(Cancel);
            return Task.FromResult(_source.Grant(call));
        };
        using var provider = new CachedTokenProvider(_source, timeProvider: _time);
        var waiting = provider.GetTokenAsync(Cancel).AsTask();
        while (_source.Calls == 0)
            await Task.Yield();

        _time.Advance(TimeSpan.FromSeconds(15));

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancel)
        );
        Assert.True(failure.IsTransient);
        blocked.Set();
    }

    [Fact]
    public async Task A_logger_that_throws_costs_no_grant()
    {
        using var loggers = LoggerFactory.Create(logging =>
            logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ThrowingLoggers())
        );
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, loggerFactory: loggers);

        Assert.Equal("token-1", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task A_sources_own_exception_is_the_inner_one()
    {
        _source.Answer = (_, _) => throw new OwnException();
        using var provider = new CachedTokenProvider(_source, timeProvider: _time);

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await provider.GetTokenAsync(Cancel)
        );

        Assert.IsType<OwnException>(failure.InnerException);
    }

    [Fact]
    [Trait("Failure", "25")]
    public void A_rejected_token_is_remembered_long_after_its_hour()
    {
        var budget = new RejectionBudget(_time);
        for (var i = 1; i <= 500; i++)
        {
            Assert.Equal(Rejection.Accepted, budget.Spend(new AccessToken(ScriptedSource.Name(i))));
            _time.Advance(TimeSpan.FromMinutes(3));
        }

        Assert.True(budget.WasRejected(new AccessToken("token-1")));
    }

    [Fact]
    [Trait("Failure", "18")]
    public async Task What_fails_after_its_provider_ended_is_observed()
    {
        var unobserved = new ConcurrentQueue<Exception>();
        void Observe(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Enqueue(e.Exception);
        TaskScheduler.UnobservedTaskException += Observe;
        try
        {
            await DisposeBeforeItFailsAsync();
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Observe;
        }

        Assert.DoesNotContain(unobserved, exception => exception.InnerException is OwnException);
    }

    private async Task DisposeBeforeItFailsAsync()
    {
        var answer = new TaskCompletionSource<TokenGrant>();
        _source.Answer = (_, _) => answer.Task;
        using (var provider = new CachedTokenProvider(_source, timeProvider: _time))
        {
            _ = provider.GetTokenAsync(Cancel).AsTask();
            await Patience.Until(() => _source.Calls == 1);
        }

        await Patience.Until(() => _time.ActiveTimers == 0); // the wait for it has ended
        await Task.Run(() => answer.SetException(new OwnException()), Cancel); // and whatever waits fails before this returns
    }

    [Fact]
    [Trait("Failure", "31")]
    public async Task A_grant_is_stored_before_it_is_used()
    {
        var writing = TimeSpan.FromSeconds(1);
        var store = new ScriptedStore()
        {
            Before = (operation, _) => operation == "write" ? Task.Delay(writing, _time, Cancel) : Task.CompletedTask,
        };
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        var asked = _time.GetTimestamp();

        var token = await _time.AdvanceUntilAsync(
            provider.GetTokenAsync(Cancel).AsTask(),
            TimeSpan.FromMilliseconds(50)
        );

        Assert.Equal("token-1", token.Value);
        Assert.True(_time.GetElapsedTime(asked) >= writing, "The token was handed out before it was stored.");
        Assert.Equal("token-1", store.Record?.Grant.AccessToken.Value);
    }

    [Fact]
    [Trait("Failure", "40")]
    public async Task Beside_a_holder_that_stalls_nobody_asks_the_vendor()
    {
        var store = new ScriptedStore();
        store.StallAt("lease");
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        var waiting = provider.GetTokenAsync(Cancel).AsTask();

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            _time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1))
        );

        Assert.True(failure.IsTransient);
        Assert.Equal(
            "Provider 'ScriptedSource' has waited 21 seconds for another process that is renewing the same grant. The next call tries again. "
                + "If it lasts, look for the process that holds the lease and does not end.",
            failure.Message
        );
        Assert.Equal(0, _source.Calls);
        store.Before = null;
        Assert.Equal("token-1", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_logger_that_throws_while_the_store_fails_costs_no_grant_and_the_grant_is_stored_later()
    {
        var store = new ScriptedStore();
        store.FailAt("write");
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new ThrowingLoggers()));
        using var provider = new CachedTokenProvider(
            _source,
            timeProvider: _time,
            store: store,
            loggerFactory: loggers
        );

        Assert.Equal("token-1", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Null(store.Record);

        store.Before = null;
        var stored = await _time.AdvanceUntilAsync(store.Written, TimeSpan.FromSeconds(1), maxSteps: 60);

        Assert.Equal("token-1", stored.Grant.AccessToken.Value);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_store_that_went_back_in_time_does_not_hide_the_refresh_token_in_memory()
    {
        var store = new ScriptedStore();
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        await provider.GetTokenAsync(Cancel);
        var old = store.Record;
        _time.Advance(TimeSpan.FromHours(2));
        await provider.GetTokenAsync(Cancel);

        store.Record = old;
        _time.Advance(TimeSpan.FromHours(2));
        await provider.GetTokenAsync(Cancel);

        Assert.Equal(
            ("refresh-1", "refresh-2"),
            (_source.Previous[2]?.RefreshToken, _source.Previous[2]?.OtherRefreshToken)
        );
    }

    [Fact]
    [Trait("Failure", "47")]
    public async Task A_record_that_cannot_be_opened_is_warned_of_once_and_not_written_over()
    {
        var strange = new TokenRecord(_source.Grant(0), _time.GetUtcNow());
        var store = new ScriptedStore(strange)
        {
            Before = (_, _) => throw new TokenStoreException("The record is sealed with another key."),
        };
        var logs = new RecordedLogs();
        using var provider = new CachedTokenProvider(_source, new() { StoreKey = "key" }, _time, store, logs);

        await provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(2));
        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal("token-2", token.Value);
        Assert.Same(strange, store.Record);
        Assert.Equal(
            [
                "Warning 20: The token store fails for provider 'ScriptedSource': The record is sealed with another key. The provider goes on with the grant "
                    + "it has in memory; a grant obtained meanwhile is neither shared nor kept over a restart until the store works again.",
            ],
            logs.Warnings
        );
    }

    [Fact]
    [Trait("Failure", "10")]
    public async Task A_stored_token_that_was_replaced_is_not_young_again_after_the_clock_was_set_back()
    {
        var store = new ScriptedStore();
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        await provider.GetTokenAsync(Cancel);
        _time.JumpWallClock(TimeSpan.FromHours(-2));
        _time.Advance(TimeSpan.FromMinutes(61));
        store.FailAt("write");
        _source.Life = TimeSpan.FromMinutes(6);
        Assert.Equal("token-2", (await provider.GetTokenAsync(Cancel)).Value); // and cannot be stored

        _time.Advance(TimeSpan.FromMinutes(65)); // token-1 is 126 minutes old; by the wall clock six

        Assert.Equal("token-3", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal("refresh-2", _source.Previous[2]?.RefreshToken);
    }

    [Fact]
    [Trait("Failure", "10")]
    public async Task A_token_that_the_vendor_gave_twice_is_not_young_again_after_the_clock_was_set_back()
    {
        var store = new ScriptedStore();
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        await provider.GetTokenAsync(Cancel);
        _time.JumpWallClock(TimeSpan.FromHours(-2));
        _time.Advance(TimeSpan.FromMinutes(61));
        store.FailAt("write");
        _source.Life = TimeSpan.FromMinutes(6);
        _source.Answer = (_, _) => Task.FromResult(_source.Grant(1));
        Assert.Equal("token-1", (await provider.GetTokenAsync(Cancel)).Value);
        _source.Answer = null;

        _time.Advance(TimeSpan.FromMinutes(65));

        Assert.Equal("token-3", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "10")]
    public async Task A_grant_that_could_not_be_stored_is_stored_later_though_the_clock_was_set_back()
    {
        var store = new ScriptedStore();
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        await provider.GetTokenAsync(Cancel);
        _time.JumpWallClock(TimeSpan.FromHours(-2));
        _time.Advance(TimeSpan.FromMinutes(61));
        store.FailAt("write");
        await provider.GetTokenAsync(Cancel);

        store.Before = null;

        await _time.AdvanceUntilAsync(
            Patience.Until(() => store.Record?.Grant.RefreshToken == "refresh-2"),
            TimeSpan.FromSeconds(1)
        );
    }

    private sealed class OwnException() : TokenAcquisitionException("own");
}
