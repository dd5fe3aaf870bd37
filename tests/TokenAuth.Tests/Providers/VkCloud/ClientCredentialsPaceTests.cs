using TokenAuth.Testing;

namespace TokenAuth.Tests.Providers.VkCloud;

public sealed class ClientCredentialsPaceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ClientCredentialsPace _pace;

    public ClientCredentialsPaceTests() => _pace = new ClientCredentialsPace(_time);

    [Fact]
    [Trait("Failure", "33")]
    public void After_a_grant_a_minute_passes()
    {
        _pace.Granted("refresh-1");

        _time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), _pace.Wait);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(_pace.Wait);
        Assert.Equal("refresh-1", _pace.RefreshToken);
    }

    [Theory]
    [Trait("Failure", "63")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refresh_token_that_no_grant_carries_is_a_reason_to_stay_for_an_hour(bool isWasted)
    {
        if (isWasted)
            _pace.Wasted("Because.", "refresh-1");
        else
            _pace.Keep("refresh-1");

        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        var before = _pace.HasJustKept;
        _time.Advance(TimeSpan.FromTicks(1));
        var after = _pace.HasJustKept;
        _pace.Keep("refresh-2");
        var again = _pace.HasJustKept;
        _pace.Forget("refresh-2");

        Assert.Equal((true, false, true, false), (before, after, again, _pace.HasJustKept));
    }

    // More of them could spend all 25 refresh tokens within minutes.
    [Fact]
    [Trait("Failure", "3")]
    [Trait("Failure", "63")]
    public void Requests_that_were_wasted_are_repeated_less_and_less_often()
    {
        var pauses = new List<double>();
        for (var exchange = 0; exchange < 7; exchange++)
        {
            _pace.Wasted("Because.");
            var wait = _pace.Wait ?? TimeSpan.Zero;
            pauses.Add(wait.TotalMinutes);
            _time.Advance(wait);
        }

        Assert.Equal([1, 4, 10, 15, 15, 15, 15], pauses);
        Assert.Equal("Because.", _pace.Cause);
    }

    [Fact]
    [Trait("Failure", "63")]
    public void A_whole_grant_or_a_renewal_makes_the_pauses_short_again()
    {
        _pace.Wasted("Because.");
        _pace.Wasted("Because.");
        _pace.Granted("refresh-1");
        Assert.Equal(TimeSpan.FromMinutes(1), _pace.Wait);
        Assert.Null(_pace.Cause);

        _pace.Wasted("Because.", "refresh-2");
        Assert.Equal("refresh-2", _pace.Kept);
        _pace.Renewed();
        Assert.Null(_pace.Kept);
        _pace.Wasted("Because.");

        Assert.Equal(TimeSpan.FromMinutes(1), _pace.Wait);
    }

    [Fact]
    public void A_refresh_token_that_was_refused_is_forgotten()
    {
        _pace.Granted("refresh-1");
        _pace.Keep("refresh-2");

        _pace.Forget("refresh-1");
        Assert.Equal((null, "refresh-2"), (_pace.RefreshToken, _pace.Kept));
        _pace.Forget("refresh-2");
        Assert.Null(_pace.Kept);
    }
}
