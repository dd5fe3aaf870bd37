namespace TokenAuth.Tests;

public sealed class TokenGrantTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_reuse_time_is_positive(long ticks) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new TokenGrant(new AccessToken("t")) { ReuseFor = TimeSpan.FromTicks(ticks) }
        );

    [Fact]
    public void A_reuse_time_of_one_tick_and_none_at_all_are_allowed()
    {
        Assert.Equal(
            1,
            new TokenGrant(new AccessToken("t")) { ReuseFor = TimeSpan.FromTicks(1) }
                .ReuseFor
                ?.Ticks
        );
        Assert.Null(new TokenGrant(new AccessToken("t")) { ReuseFor = null }.ReuseFor);
    }
}
