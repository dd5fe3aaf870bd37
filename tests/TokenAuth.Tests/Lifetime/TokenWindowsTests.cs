using System.Globalization;

namespace TokenAuth.Tests.Lifetime;

public sealed class TokenWindowsTests
{
    // Reuse until expiry less a minute or a tenth of the life, whichever is shorter; renewal from 70 % to 90 % of that.
    [Theory]
    [InlineData("1:00:00", null, "0:41:18", "0:59:00", "0:53:06")]
    [InlineData("0:10:00", null, "0:06:18", "0:09:00", "0:08:06")]
    [InlineData("0:05:00", null, "0:03:09", "0:04:30", "0:04:03")]
    [InlineData("0:00:10", null, "0:00:06.3", "0:00:09", "0:00:08.1")]
    [InlineData("0:10:00", "0:05:00", "0:03:30", "0:05:00", "0:04:30")]
    [InlineData("0:05:00", "0:10:00", "0:03:30", "0:05:00", "0:04:30")]
    [InlineData("0:00:00", null, "0:00:00", "0:00:00", "0:00:00")]
    [InlineData(null, "0:10:00", "0:07:00", "0:10:00", "0:09:00")]
    public void The_instants_follow_from_life_and_reuse_time(
        string? life,
        string? reuseFor,
        string earliestRefresh,
        string reuse,
        string latestRefresh
    )
    {
        var earliest = TokenWindows.For(Span(life), Span(reuseFor), jitter: 0);
        var latest = TokenWindows.For(Span(life), Span(reuseFor), jitter: 1);

        Assert.Equal((Span(earliestRefresh), Span(reuse)), (earliest.RefreshAfter, earliest.ReuseFor));
        Assert.Equal((Span(latestRefresh), Span(reuse)), (latest.RefreshAfter, latest.ReuseFor));
        Assert.Equal(Span(life) ?? TimeSpan.MaxValue, earliest.Life);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_token_that_does_not_expire_is_fresh_for_centuries(double jitter)
    {
        var windows = TokenWindows.For(life: null, reuseFor: null, jitter);

        Assert.Equal(TokenState.Fresh, windows.StateAt(TimeSpan.FromDays(365 * 1_000)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_token_that_had_expired_when_it_was_asked_for_is_expired(double jitter)
    {
        var windows = TokenWindows.For(TimeSpan.FromHours(-1), reuseFor: null, jitter);

        Assert.Equal(TokenState.Expired, windows.StateAt(TimeSpan.Zero));
    }

    // Reuse until 59:00; 80 % of that is 47:12.
    [Theory]
    [InlineData("00:20:00", "00:20:00")]
    [InlineData("00:58:59.9999999", "00:58:59.9999999")]
    [InlineData("00:59:00", "00:47:12")] // too late
    [InlineData("00:00:00", "00:47:12")] // over already
    [InlineData("-00:01:00", "00:47:12")]
    [InlineData(null, "00:47:12")]
    public void The_vendors_own_word_for_the_early_renewal_counts(string? said, string expected)
    {
        var windows = TokenWindows.For(TimeSpan.FromHours(1), reuseFor: null, jitter: 0.5, Span(said));

        Assert.Equal(Span(expected), windows.RefreshAfter);
    }

    private static TimeSpan? Span(string? text) =>
        text is null ? null : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
