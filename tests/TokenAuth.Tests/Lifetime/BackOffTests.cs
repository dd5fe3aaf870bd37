using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime;

public sealed class BackOffTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly BackOff _backOff;
    private double _jitter = 0.5;

    public BackOffTests() => _backOff = new BackOff(_time, () => _jitter);

    [Theory]
    [Trait("Failure", "15")]
    [Trait("Failure", "16")]
    [InlineData(0, 0.75)]
    [InlineData(0.5, 0.875)]
    [InlineData(1, 1)]
    public void Breaks_double_from_one_second_to_thirty_and_are_jittered_by_a_quarter(double jitter, double share)
    {
        _jitter = jitter;
        Fail();
        Assert.Null(_backOff.NextAttempt);

        foreach (var longest in new double[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            Fail();

            var pause = _backOff.NextAttempt!.Value;
            Assert.Equal(longest * share, pause.TotalSeconds, 6);
            _time.Advance(pause - TimeSpan.FromTicks(1));
            Assert.NotNull(_backOff.HeldBackBy);
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.Null(_backOff.HeldBackBy);
        }
    }

    [Fact]
    [Trait("Failure", "17")]
    public void After_a_success_a_failure_is_a_first_one_again()
    {
        Fail();
        _backOff.Succeeded();

        Fail();

        Assert.Null(_backOff.NextAttempt);
        Fail();
        Assert.InRange(_backOff.NextAttempt!.Value.TotalSeconds, 0.75, 1);
    }

    [Fact]
    [Trait("Failure", "15")]
    public void After_an_open_circuit_and_a_success_the_breaks_are_short_again()
    {
        for (var i = 0; i < 6; i++)
        {
            Fail();
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        _backOff.Succeeded();

        Assert.Null(_backOff.NextAttempt);
        Fail();
        Assert.Null(_backOff.NextAttempt);
        Fail();
        Assert.InRange(_backOff.NextAttempt!.Value.TotalSeconds, 0.75, 1);
    }

    [Fact]
    [Trait("Failure", "34")]
    public void Each_retry_after_is_honoured_also_after_the_circuit_opened()
    {
        foreach (var seconds in new[] { 60, 90, 45 })
        {
            Fail(retryAfterSeconds: seconds);

            Assert.Equal(TimeSpan.FromSeconds(seconds), _backOff.NextAttempt);
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    [Trait("Failure", "34")]
    public void A_retry_after_shortens_no_break()
    {
        for (var i = 0; i < 8; i++)
        {
            Fail();
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        Fail(retryAfterSeconds: 1);

        Assert.InRange(_backOff.NextAttempt!.Value.TotalSeconds, 22.5, 30);
    }

    [Fact]
    [Trait("Failure", "10")]
    public void A_wall_clock_that_is_set_back_lengthens_no_break()
    {
        Fail();
        Fail();

        _time.JumpWallClock(TimeSpan.FromHours(-1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_backOff.HeldBackBy);
    }

    [Fact]
    public void Callers_are_told_the_latest_cause()
    {
        Fail("first");
        Fail("second");
        Assert.Equal("second", _backOff.HeldBackBy?.Message);
        _time.Advance(TimeSpan.FromSeconds(1));

        Fail("third");

        Assert.Equal("third", _backOff.HeldBackBy?.Message);
    }

    private void Fail(string message = "down", int? retryAfterSeconds = null) =>
        _backOff.Failed(
            RenewalFailure.From(
                new TokenAcquisitionException(message)
                {
                    IsTransient = true,
                    RetryAfter = retryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                },
                "voice"
            )
        );
}
