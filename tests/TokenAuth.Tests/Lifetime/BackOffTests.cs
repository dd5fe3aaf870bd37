using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime;

public sealed class BackOffTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly BackOff _backOff;
    private double _jitter = 0.5;

    public BackOffTests() => _backOff = new BackOff(_time, () => _jitter);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Failure", "15")]
    [Trait("Failure", "16")]
    [InlineData(0, 0.75)]
    [InlineData(0.5, 0.875)]
    [InlineData(1, 1)]
    public async Task Breaks_double_from_one_second_to_thirty_and_are_jittered_by_a_quarter(double jitter, double share)
    {
        _jitter = jitter;
        await FailAsync();
        Assert.Null(_backOff.NextAttempt);

        foreach (var longest in new double[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            await FailAsync();

            var pause = _backOff.NextAttempt!.Value;
            Assert.Equal(longest * share, pause.TotalSeconds, 6);
            _time.Advance(pause - TimeSpan.FromTicks(1));
            Assert.NotNull(_backOff.Holding);
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.Null(_backOff.Holding);
        }
    }

    [Fact]
    [Trait("Failure", "17")]
    public async Task After_a_success_a_failure_is_a_first_one_again()
    {
        await FailAsync();
        await SucceedAsync();

        await FailAsync();

        Assert.Null(_backOff.NextAttempt);
        await FailAsync();
        Assert.InRange(_backOff.NextAttempt!.Value.TotalSeconds, 0.75, 1);
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task After_an_open_circuit_and_a_success_the_breaks_are_short_again()
    {
        for (var i = 0; i < 6; i++)
        {
            await FailAsync();
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        await SucceedAsync();

        Assert.Null(_backOff.NextAttempt);
        await FailAsync();
        Assert.Null(_backOff.NextAttempt);
        await FailAsync();
        Assert.InRange(_backOff.NextAttempt!.Value.TotalSeconds, 0.75, 1);
    }

    [Fact]
    [Trait("Failure", "34")]
    public async Task Each_retry_after_is_honoured_also_after_the_circuit_opened()
    {
        foreach (var seconds in new[] { 60, 90, 45 })
        {
            await FailAsync(retryAfterSeconds: seconds);

            Assert.Equal(TimeSpan.FromSeconds(seconds), _backOff.NextAttempt);
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    [Trait("Failure", "34")]
    public async Task A_retry_after_shortens_no_break()
    {
        for (var i = 0; i < 8; i++)
        {
            await FailAsync();
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        await FailAsync(retryAfterSeconds: 1);

        Assert.InRange(_backOff.NextAttempt!.Value.TotalSeconds, 22.5, 30);
    }

    [Fact]
    public async Task Callers_are_told_the_latest_cause()
    {
        await FailAsync("first");
        await FailAsync("second");
        Assert.Equal("second", _backOff.Holding?.Message);
        _time.Advance(TimeSpan.FromSeconds(1));

        await FailAsync("third");

        Assert.Equal("third", _backOff.Holding?.Message);
    }

    private async Task FailAsync(string message = "down", int? retryAfterSeconds = null)
    {
        var failure = new TokenAcquisitionException(message)
        {
            IsTransient = true,
            RetryAfter = retryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var renewal = new Renewal(RenewalFailure.From(failure, "voice"));

        Assert.Same(renewal, await _backOff.RunAsync(_ => Task.FromResult(renewal), Cancel));
    }

    private async Task SucceedAsync()
    {
        var grant = new TokenGrant(new AccessToken("token"));
        var windows = TokenWindows.For(life: null, reuseFor: null, jitter: 0);
        var renewal = new Renewal(new HeldToken(grant, _time.GetUtcNow(), _time.GetTimestamp(), windows));

        Assert.Same(renewal, await _backOff.RunAsync(_ => Task.FromResult(renewal), Cancel));
    }
}
