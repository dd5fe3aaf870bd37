using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>What callers, logs and snapshots say while renewals fail.</summary>
public sealed class FailingRenewalTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordedLogs _logs = new();
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;

    public FailingRenewalTests()
    {
        _source = new ScriptedSource(_time);
        _provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { ProviderName = "voice", Jitter = () => 0.5 },
            _time,
            loggerFactory: _logs
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _provider.Dispose();

    public static TheoryData<Exception, bool> SourcesFailures =>
        new()
        {
            { new HttpRequestException(), true },
            { new IOException(), true },
            { new OperationCanceledException(), true },
            { new TaskCanceledException(), true },
            { new InvalidOperationException(), false },
            { new ObjectDisposedException("client"), false },
        };

    // A token of 1 h is renewed early from 47:12 and waited for from 59:00.
    [Theory]
    [Trait("Failure", "15")]
    [InlineData(50, true, true)]
    [InlineData(50, false, true)]
    [InlineData(59.5, true, true)]
    [InlineData(59.5, false, false)]
    [InlineData(60, true, false)]
    [InlineData(60, false, false)]
    public async Task While_renewals_are_held_back_the_old_token_serves_unless_the_failure_is_permanent(
        double minutes,
        bool isTransient,
        bool isServed
    )
    {
        var first = await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) =>
            throw new TokenAcquisitionException("Held back.")
            {
                IsTransient = isTransient,
                RetryAfter = TimeSpan.FromMinutes(15),
            };
        _time.Advance(TimeSpan.FromMinutes(49));
        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => !_provider.IsRenewing);

        _time.Advance(TimeSpan.FromMinutes(minutes - 49));
        var served = _provider.GetTokenAsync(Cancel);

        Assert.True(served.IsCompleted);
        Assert.Equal(2, _source.Calls);
        if (isServed)
            Assert.Same(first, await served);
        else
            Assert.Equal("Held back.", (await Caught(served.AsTask())).Message);
    }

    [Theory]
    [Trait("Failure", "34")]
    [InlineData(0, 900)]
    [InlineData(840, 60)]
    [InlineData(899.5, 1)] // the shortest wait there is
    public async Task While_renewals_are_held_back_a_caller_is_told_what_is_left_of_the_wait(double later, double left)
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient(TimeSpan.FromMinutes(15));
        var first = await Caught(_provider.GetTokenAsync(Cancel).AsTask());
        Assert.Equal(TimeSpan.FromMinutes(15), first.RetryAfter);

        _time.Advance(TimeSpan.FromSeconds(later));
        var heldBack = await Caught(_provider.GetTokenAsync(Cancel).AsTask());

        Assert.Equal(TimeSpan.FromSeconds(left), heldBack.RetryAfter);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    [Trait("Failure", "16")]
    public async Task While_the_circuit_is_open_a_caller_is_told_how_long_it_stays_so()
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        while (_provider.Snapshot().NextAttempt - _time.GetUtcNow() < TimeSpan.FromSeconds(2))
        {
            await Caught(_provider.GetTokenAsync(Cancel).AsTask());
            if (_provider.Snapshot().NextAttempt - _time.GetUtcNow() is { Ticks: > 0 } wait && wait.TotalSeconds < 2)
                _time.Advance(wait);
        }

        var heldBack = await Caught(_provider.GetTokenAsync(Cancel).AsTask());

        Assert.Equal(_provider.Snapshot().NextAttempt - _time.GetUtcNow(), heldBack.RetryAfter);
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task A_failed_early_renewal_is_logged_and_one_that_callers_waited_for_is_not()
    {
        _source.Answer = (call, _) =>
            call == 2 ? Task.FromResult(_source.Grant(call)) : throw ScriptedSource.Transient();
        await Caught(_provider.GetTokenAsync(Cancel).AsTask());
        await _provider.GetTokenAsync(Cancel);
        Assert.Empty(_logs.Messages(2));
        _time.Advance(TimeSpan.FromMinutes(50));

        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => _logs.Messages(2).Any());

        Assert.Equal(
            ["Warning 2: The renewal for provider 'voice' failed; its token still serves. The endpoint failed."],
            _logs.Warnings
        );
    }

    [Theory]
    [Trait("Failure", "15")]
    [InlineData(58.9, true)] // early, in the background
    [InlineData(58.9, false)]
    [InlineData(59.1, true)] // due: the caller waited, and got the old token
    public async Task A_failure_while_the_token_serves_is_logged(double minutes, bool isTransient)
    {
        var token = await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) =>
            throw new TokenAcquisitionException("The endpoint failed.") { IsTransient = isTransient };
        _time.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Same(token, await _provider.GetTokenAsync(Cancel));
        await Patience.Until(() => _logs.Messages(2).Any());

        Assert.Equal(
            ["Warning 2: The renewal for provider 'voice' failed; its token still serves. The endpoint failed."],
            _logs.Warnings
        );
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task A_failure_behind_a_restored_token_is_logged_also_after_one_that_a_caller_was_told_of()
    {
        var store = new ScriptedStore();
        using var provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { ProviderName = "voice", StoreKey = "voice" },
            _time,
            store,
            _logs
        );
        var requestedAt = _time.GetUtcNow();
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        await Caught(provider.GetTokenAsync(Cancel).AsTask());

        store.Record = new(new(new AccessToken("stored", requestedAt + TimeSpan.FromHours(1))), requestedAt);
        _time.Advance(TimeSpan.FromMinutes(59.5));
        Assert.Equal("stored", (await provider.GetTokenAsync(Cancel)).Value);
        await Patience.Until(() => _logs.Messages(2).Any());

        Assert.EndsWith("The endpoint failed.", Assert.Single(_logs.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task A_refusal_of_which_a_caller_is_told_is_not_logged()
    {
        await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) => throw new TokenAcquisitionException("refused");
        _time.Advance(TimeSpan.FromMinutes(59.1));

        await Caught(_provider.GetTokenAsync(Cancel).AsTask());

        _source.Answer = null;
        await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        _time.Advance(TimeSpan.FromMinutes(50));
        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => _logs.Messages(2).Any());

        Assert.EndsWith("The endpoint failed.", Assert.Single(_logs.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task Early_renewals_that_go_on_failing_are_one_log_line_until_one_succeeds()
    {
        await _provider.GetTokenAsync(Cancel);
        foreach (var logged in new[] { 1, 2 })
        {
            _source.Answer = (_, _) => throw ScriptedSource.Transient();
            _time.Advance(TimeSpan.FromMinutes(48));
            for (var failure = 0; failure < 10; failure++)
            {
                var calls = _source.Calls;
                await _provider.GetTokenAsync(Cancel);
                await Patience.Until(() => _source.Calls > calls && !_provider.IsRenewing);
                _time.Advance(TimeSpan.FromSeconds(30));
            }

            await Patience.Until(() => _logs.Messages(2).Count() >= logged);
            Assert.Equal(logged, _logs.Messages(2).Count());

            _source.Answer = null;
            _time.Advance(TimeSpan.FromMinutes(7)); // waited for
            await _provider.GetTokenAsync(Cancel);
        }
    }

    [Fact]
    public async Task An_outage_is_told_since_the_first_failure_with_the_latest_cause()
    {
        var start = _time.GetUtcNow();
        _source.Answer = (call, _) => throw new TokenAcquisitionException($"Failure {call}.") { IsTransient = true };
        await Caught(_provider.GetTokenAsync(Cancel).AsTask());
        _time.Advance(TimeSpan.FromMinutes(1));
        await Caught(_provider.GetTokenAsync(Cancel).AsTask());
        Assert.Equal(new OutageReport(start, "Failure 2."), _provider.Snapshot().Renewal);

        _source.Answer = null;
        _time.Advance(TimeSpan.FromMinutes(1));
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        Assert.Null(_provider.Snapshot().Renewal);
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        await Caught(_provider.GetTokenAsync(Cancel).AsTask());

        Assert.Equal(
            new OutageReport(start + TimeSpan.FromMinutes(2), "The endpoint failed."),
            _provider.Snapshot().Renewal
        );
    }

    [Fact]
    [Trait("Failure", "50")]
    public async Task A_token_that_has_expired_on_arrival_is_a_passing_failure()
    {
        _source.Life = TimeSpan.Zero;

        var failure = await Caught(
            _provider.GetTokenAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel)
        );

        Assert.Equal(
            "The token endpoint of provider 'voice' returned a token that has expired already. Check the lifetime that its source reads, and this machine's clock.",
            failure.Message
        );
        Assert.True(failure.IsTransient);
        Assert.Equal("voice", failure.ProviderName);
    }

    [Fact]
    [Trait("Failure", "50")]
    public async Task A_token_that_is_due_on_arrival_is_handed_out_once_and_renewed_for_the_next_call()
    {
        _source.ReuseFor = TimeSpan.FromSeconds(5);
        _source.Answer = (call, _) =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));

            return call < 3 ? Task.FromResult(_source.Grant(call)) : throw ScriptedSource.Transient();
        };

        Assert.Equal("token-1", (await _provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(1, _source.Calls);
        Assert.Equal("token-2", (await _provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(2, _source.Calls);
    }

    [Theory]
    [Trait("Failure", "1")]
    [MemberData(nameof(SourcesFailures))]
    public async Task What_a_source_throws_is_the_inner_exception_and_only_a_broken_connection_passes(
        Exception thrown,
        bool isTransient
    )
    {
        _source.Answer = (_, _) => throw thrown;

        var failure = await Caught(_provider.GetTokenAsync(Cancel).AsTask());

        Assert.Equal(
            $"Provider 'voice' obtained no token: its source threw {thrown.GetType().Name}, which is the inner exception.",
            failure.Message
        );
        Assert.Equal(thrown.GetType(), failure.InnerException?.GetType());
        Assert.Equal((isTransient, "voice"), (failure.IsTransient, failure.ProviderName));
    }

    [Theory]
    [InlineData("", "voice")]
    [InlineData("inner", "inner")]
    public async Task A_sources_own_failure_keeps_its_name_and_its_cause(string name, string expected)
    {
        var cause = new IOException();
        _source.Answer = (_, _) => throw new TokenAcquisitionException("No.", cause) { ProviderName = name };

        var failure = await Caught(_provider.GetTokenAsync(Cancel).AsTask());

        Assert.Equal(("No.", expected), (failure.Message, failure.ProviderName));
        Assert.Same(cause, failure.InnerException);
    }

    [Fact]
    public async Task A_failure_that_cannot_even_say_its_message_keeps_nobody_waiting()
    {
        _source.Answer = (_, _) => throw new SpeechlessException();

        var failure = await Caught(
            _provider.GetTokenAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel)
        );

        Assert.Equal(
            "Provider 'voice' obtained no token: its source threw NotSupportedException, which is the inner exception.",
            failure.Message
        );
    }

    private static async Task<TokenAcquisitionException> Caught(Task task) =>
        await Assert.ThrowsAsync<TokenAcquisitionException>(() => task);

    private sealed class SpeechlessException : TokenAcquisitionException
    {
        public override string Message => throw new NotSupportedException();
    }
}
