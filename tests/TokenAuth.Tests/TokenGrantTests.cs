using System.Text.Json;

namespace TokenAuth.Tests;

public sealed class TokenGrantTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_reuse_time_is_positive(long ticks)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new TokenGrant(new AccessToken("t")) { ReuseFor = TimeSpan.FromTicks(ticks) }
        );

        Assert.StartsWith("ReuseFor is a positive time, or null.", error.Message, StringComparison.Ordinal);
    }

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

    [Fact]
    [Trait("Failure", "46")]
    public void It_prints_and_serializes_without_its_tokens()
    {
        var grant = new TokenGrant(new AccessToken("access-1"))
        {
            RefreshToken = "refresh-1",
            OtherRefreshToken = "refresh-2",
            Scopes = ["tts"],
        };
        var record = new TokenRecord(grant, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal("TokenGrant (AccessToken (does not expire), with refresh token)", grant.ToString());
        Assert.Equal(
            "TokenGrant (AccessToken (does not expire), no refresh token)",
            new TokenGrant(grant.AccessToken).ToString()
        );
        Assert.Equal(
            "TokenRecord (TokenGrant (AccessToken (does not expire), with refresh token), requested 2026-01-01T00:00:00.0000000+00:00)",
            record.ToString()
        );
        Assert.Equal(
            """{"AccessToken":{"ExpiresAt":null},"ReuseFor":null,"Scopes":["tts"]}""",
            JsonSerializer.Serialize(grant)
        );
    }
}
