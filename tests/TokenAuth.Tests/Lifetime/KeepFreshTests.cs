using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

public sealed class KeepFreshTests : IDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly RecordedLogs _logs = new();
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;
    private readonly ConcurrentQueue<string> _taken = new();
    private double _jitter = 0.5;

    public KeepFreshTests()
    {
        // As Azure Speech: ten minutes, handed out for nine.
        _source = new ScriptedSource(_time) { Life = TimeSpan.FromMinutes(10), ReuseFor = TimeSpan.FromMinutes(9) };
        _provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { ProviderName = "speech", Jitter = () => _jitter },
            _time,
            loggerFactory: _logs
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task A_token_at_hand_is_handed_on_before_it_returns()
    {
        await _provider.GetTokenAsync(Cancel);

        using var kept = _provider.KeepFresh(Take);

        Assert.Equal(["token-1"], _taken);
    }

    [Fact]
    public async Task The_first_token_is_obtained_and_each_renewed_one_handed_on_although_nobody_asks()
    {
        using var kept = _provider.KeepFresh(Take);
        await FirstLook(kept);

        await Pass(kept, TimeSpan.FromMinutes(30));

        // Renewed at 7:12, seen a second later.
        Assert.Equal(["token-1", "token-2", "token-3", "token-4", "token-5"], _taken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_returns_no_token_is_asked_again(bool isWaitedFor)
    {
        var provider = new ForgetfulProvider(isWaitedFor);
        using var watch = new TokenWatch(
            provider,
            (token, _) =>
            {
                Take(token);
                return Task.CompletedTask;
            }
        );

        for (var look = 0; look < 3; look++)
        {
            watch.Poll();
            await Patience.Until(() => !watch.IsPolling);
        }

        Assert.Equal(["token-1", "token-3"], _taken);
    }

    [Fact]
    public async Task The_same_token_is_not_handed_on_again_although_it_was_waited_for()
    {
        var provider = new FakeTokenProvider("token") { Before = async _ => await Task.Yield() };
        using var watch = new TokenWatch(
            provider,
            (token, _) =>
            {
                Take(token);
                return Task.CompletedTask;
            }
        );

        for (var look = 0; look < 2; look++)
        {
            watch.Poll();
            await Patience.Until(() => !watch.IsPolling);
        }

        Assert.Equal(["token"], _taken);
    }

    [Fact]
    public async Task A_token_that_a_service_rejects_is_replaced_within_a_second()
    {
        using var kept = _provider.KeepFresh(Take);
        await FirstLook(kept);

        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await Pass(kept, _second);

        Assert.Equal(["token-1", "token-2"], _taken);
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData("sleeps")]
    [InlineData("jumps")]
    public async Task A_machine_that_slept_or_whose_clock_was_set_has_a_new_token_within_a_second(string what)
    {
        using var kept = _provider.KeepFresh(Take);
        await FirstLook(kept);

        if (what == "sleeps")
            _time.Suspend(TimeSpan.FromHours(8));
        else
            _time.JumpWallClock(TimeSpan.FromHours(8));
        await Pass(kept, _second);

        Assert.Equal(["token-1", "token-2"], _taken);
    }

    [Fact]
    public async Task A_failing_endpoint_does_not_end_it_and_is_logged_once()
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        using var kept = _provider.KeepFresh(Take);
        await Pass(kept, TimeSpan.FromMinutes(20));
        Assert.Empty(_taken);

        _source.Answer = null;
        await Pass(kept, TimeSpan.FromSeconds(31));

        Assert.Single(_taken);
        Assert.Equal(
            [
                "KeepFresh has no token of provider 'speech' to hand on; it asks again every second. The endpoint failed.",
            ],
            _logs.Messages(30)
        );
    }

    [Theory]
    [InlineData(0)] // it has seen the endpoint recover, and no more
    [InlineData(3)] // it has looked at the token since
    public async Task Each_time_the_endpoint_fails_anew_is_logged(int secondsWell)
    {
        _source.Answer = (call, _) =>
            call == 2 ? Task.FromResult(_source.Grant(call)) : throw ScriptedSource.Transient();
        using var kept = _provider.KeepFresh(Take);
        await Patience.Until(() => !((TokenWatch)kept).IsPolling);
        await Pass(kept, _second);
        Assert.Equal(["token-2"], _taken);

        await Pass(kept, TimeSpan.FromSeconds(secondsWell));
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await Pass(kept, _second * 3);

        Assert.Equal(2, _logs.Messages(30).Count());
    }

    [Fact]
    public async Task Each_token_that_a_callback_refuses_is_logged()
    {
        var calls = 0;
        using var kept = _provider.KeepFresh(_ =>
        {
            if (++calls % 2 == 1)
                throw new InvalidOperationException();
        });
        await Pass(kept, _second * 2);

        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await Pass(kept, _second * 2);

        Assert.Equal(4, calls);
        Assert.Equal(2, _logs.Messages(31).Count());
    }

    [Fact]
    [Trait("Failure", "46")]
    public async Task A_callback_that_throws_gets_the_same_token_again_and_its_message_is_not_logged()
    {
        var calls = 0;
        using var kept = _provider.KeepFresh(token =>
        {
            if (++calls < 4)
                throw new InvalidOperationException("I dislike " + token.Value);
            Take(token);
        });

        await Pass(kept, TimeSpan.FromSeconds(10));

        Assert.Equal(4, calls);
        Assert.Equal(["token-1"], _taken);
        Assert.Equal(
            [
                "A callback of KeepFresh for provider 'speech' threw InvalidOperationException; it is called again with the same token every second "
                    + "until it takes it.",
            ],
            _logs.Messages(31)
        );
    }

    [Fact]
    public async Task After_dispose_there_is_no_callback_and_no_timer()
    {
        await _provider.GetTokenAsync(Cancel);
        var kept = _provider.KeepFresh(Take);
        Assert.Equal(1, _time.ActiveTimers);

        kept.Dispose();
        kept.Dispose();

        Assert.Equal(0, _time.ActiveTimers);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["token-1"], _taken);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task Disposed_while_it_waits_for_the_first_token_it_never_calls_back()
    {
        var release = new TaskCompletionSource();
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };
        var kept = _provider.KeepFresh(Take);
        await Patience.Until(() => _source.Calls == 1);

        kept.Dispose();
        release.SetResult();
        await Patience.Until(() => !_provider.IsRenewing);

        Assert.Empty(_taken);
        Assert.Empty(_logs.Messages(30));
    }

    [Fact]
    public async Task It_ends_with_its_provider()
    {
        using var kept = _provider.KeepFresh(Take);
        await FirstLook(kept);

        _provider.Dispose();
        _time.Advance(_second);

        await Patience.Until(() => _time.ActiveTimers == 0);
    }

    [Fact]
    public async Task A_callback_may_dispose()
    {
        await _provider.GetTokenAsync(Cancel);
        IDisposable? kept = null;
        kept = _provider.KeepFresh(token =>
        {
            Take(token);
            kept?.Dispose();
        });

        await Pass(kept, TimeSpan.FromMinutes(20));

        Assert.Equal(["token-1", "token-2"], _taken);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task Callbacks_come_one_at_a_time()
    {
        var release = new TaskCompletionSource();
        var running = 0;
        var most = 0;
        using var kept = _provider.KeepFresh(
            async (token, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await release.Task;
                Interlocked.Decrement(ref running);
                Take(token);
            }
        );
        await Patience.Until(() => running == 1);

        _time.Advance(TimeSpan.FromHours(1));
        release.SetResult();
        await FirstLook(kept);
        await Pass(kept, _second * 2);

        Assert.Equal(["token-1", "token-2"], _taken);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_callback_that_awaits_without_cancellation_is_waited_for_and_its_failure_is_seen()
    {
        var release = new TaskCompletionSource();
        var calls = 0;
        using var kept = (TokenWatch)
            _provider.KeepFresh(async token =>
            {
                await release.Task;
                if (++calls == 1)
                    throw new FormatException();
                Take(token);
            });
        await Patience.Until(() => _source.Calls == 1 && !_provider.IsRenewing);

        _time.Advance(_second * 2);
        Assert.True(kept.IsPolling);
        release.SetResult();
        await Patience.Until(() => !kept.IsPolling);
        await Pass(kept, _second);

        Assert.Equal(["token-1"], _taken);
        Assert.Equal(2, calls);
        Assert.Single(_logs.Messages(31));
    }

    [Fact]
    public async Task Dispose_cancels_a_callback_that_runs()
    {
        CancellationToken seen = default;
        var kept = _provider.KeepFresh(
            (_, cancel) =>
            {
                seen = cancel;
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            }
        );
        await Patience.Until(() => seen.CanBeCanceled);

        kept.Dispose();

        Assert.True(seen.IsCancellationRequested);
        Assert.Empty(_logs.Messages(31));
    }

    [Fact]
    public async Task It_works_on_wrappers_and_survives_whatever_they_throw()
    {
        var wrapper = new Wrapper();
        using var kept = (TokenWatch)wrapper.KeepFresh(Take);

        wrapper.Failure = new ObjectDisposedException("something inside");
        kept.Poll();
        await Patience.Until(() => !kept.IsPolling);
        wrapper.Failure = null;
        wrapper.Token = new AccessToken("other");
        kept.Poll();

        Assert.Equal(["first", "other"], _taken);
    }

    [Fact]
    public async Task It_survives_what_a_wrapper_around_an_engine_throws_and_ends_with_the_engine()
    {
        using var wrapper = new FailingOverride(_provider);
        using var kept = wrapper.KeepFresh(Take);
        await FirstLook(kept);

        wrapper.Failure = new ObjectDisposedException("something of the application");
        await Pass(kept, _second);
        wrapper.Failure = null;
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await Pass(kept, _second);

        Assert.Equal(["token-1", "token-2"], _taken);
        Assert.Single(_logs.Messages(30));

        _provider.Dispose();
        _time.Advance(_second);
        await Patience.Until(() => _time.ActiveTimers == 0);
    }

    [Fact]
    [Trait("Failure", "36")]
    public async Task Changed_settings_are_handed_on()
    {
        var root = new ConfigurationBuilder()
            .AddInMemoryCollection([new("TokenAuth:s:Provider", "StaticToken"), new("TokenAuth:s:Token", "t-1")])
            .Build();
        var collection = new ServiceCollection();
        collection.AddTokenAuth(root.GetSection("TokenAuth"));
        await using var services = collection.BuildServiceProvider();
        using var kept = services.GetRequiredKeyedService<ITokenProvider>("s").KeepFresh(Take);

        root["TokenAuth:s:Token"] = "t-2";
        root.Reload();
        ((TokenWatch)kept).Poll();

        Assert.Equal(["t-1", "t-2"], _taken);
    }

    [Fact]
    public async Task A_look_at_a_known_token_allocates_nothing()
    {
        await _provider.GetTokenAsync(Cancel);
        using var watch = new TokenWatch(_provider, (_, _) => Task.CompletedTask);
        _ = BytesOf(watch);

        Assert.Equal(0, BytesOf(watch));

        static long BytesOf(TokenWatch watch)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
                watch.Poll();

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task It_does_not_keep_its_makers_context()
    {
        var ambient = new AsyncLocal<string?> { Value = "the caller's" };
        var seen = new ConcurrentQueue<string?>();
        await _provider.GetTokenAsync(Cancel);
        using var kept = _provider.KeepFresh(_ => seen.Enqueue(ambient.Value));

        // From a thread without a context of its own, as timers are.
        ambient.Value = null;
        await Pass(kept, TimeSpan.FromMinutes(8));

        Assert.Equal(["the caller's", null], seen);
    }

    [Theory]
    [Trait("Failure", "15")]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task For_three_hours_no_token_older_than_nine_minutes_is_held_while_the_endpoint_readings(int? seed)
    {
        _jitter = 1; // the latest early renewal, at 8:06
        var random = new Random(seed ?? 0);
        var answeredAt = DateTimeOffset.MinValue;
        _source.Answer = (call, _) =>
        {
            if (seed is null ? call % 3 == 0 : random.Next(3) == 0)
                throw ScriptedSource.Transient();
            answeredAt = _time.GetUtcNow();
            return Task.FromResult(_source.Grant(call));
        };
        var callbacks = 0;
        string? held = null;
        using var kept = _provider.KeepFresh(token =>
        {
            if (++callbacks % 4 == 0)
                throw new InvalidOperationException();
            held = token.Value;
        });
        var obtained = new Dictionary<string, DateTimeOffset>();
        var oldest = TimeSpan.Zero;

        for (var second = 0; second < 3 * 60 * 60; second++)
        {
            await Pass(kept, _second);
            if (held is null)
                continue;
            obtained.TryAdd(held, answeredAt);
            var hasReadSince = answeredAt > obtained[held];
            var age = _time.GetUtcNow() - obtained[held];
            if (age > oldest && (age <= TimeSpan.FromMinutes(9) || hasReadSince))
                oldest = age;
        }

        Assert.InRange(oldest, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(9));
        Assert.InRange(obtained.Count, 20, 23);
        Assert.True(callbacks > obtained.Count);
    }

    private void Take(AccessToken token) => _taken.Enqueue(token.Value);

    /// <summary>The first token is handed on, and the look that did it has ended: the next is not skipped.</summary>
    private Task FirstLook(IDisposable kept) =>
        Patience.Until(() => _taken.Count == 1 && !((TokenWatch)kept).IsPolling);

    /// <summary>Moves the clock by seconds, and lets everything come to rest that a second started.</summary>
    private async Task Pass(IDisposable kept, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += _second)
        {
            _time.Advance(_second);
            await Patience.Until(() => !_provider.IsRenewing && !((TokenWatch)kept).IsPolling);
        }
    }

    private sealed class Wrapper : ITokenProvider
    {
        public AccessToken Token { get; set; } = new("first");

        public Exception? Failure { get; set; }

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            Failure is { } failure ? throw failure : new ValueTask<AccessToken>(Token);

        public void Invalidate(AccessToken rejected) { }
    }

    private sealed class FailingOverride(ITokenProvider inner) : DelegatingTokenProvider(inner)
    {
        public Exception? Failure { get; set; }

        public override ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            Failure is { } failure ? throw failure : base.GetTokenAsync(cancellationToken);
    }

    /// <summary>Returns null every second time, which its contract forbids.</summary>
    private sealed class ForgetfulProvider(bool isWaitedFor) : ITokenProvider
    {
        private int _asked;

        public async ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
        {
            if (isWaitedFor)
                await Task.Yield();

            return ++_asked % 2 == 0 ? null! : new AccessToken(ScriptedSource.Name(_asked));
        }

        public void Invalidate(AccessToken rejected) { }
    }
}
