namespace TokenAuth.Tests.Lifetime;

/// <summary>Over the system's clocks, whose last look stands for one coarse tick.</summary>
public sealed class HeldTokenTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_fresh_token_is_fresh_however_often_it_is_looked_at()
    {
        var held = Held(askedBefore: TimeSpan.FromMinutes(41));

        for (var look = 0; look < 1_000; look++) // many within one tick
            Assert.True(held.IsFreshBySystemClock());
    }

    [Theory]
    [InlineData(42)]
    [InlineData(59.5)]
    [InlineData(61)]
    public void Any_other_token_is_not(double minutes)
    {
        var held = Held(TimeSpan.FromMinutes(minutes));

        for (var look = 0; look < 1_000; look++)
            Assert.False(held.IsFreshBySystemClock());
    }

    [Fact]
    public async Task A_provider_over_the_systems_clocks_hands_a_fresh_token_out_again_and_renews_another_one()
    {
        var source = new ScriptedSource(TimeProvider.System);
        using var provider = new CachedTokenProvider(source);

        var first = await provider.GetTokenAsync(Cancel);
        Assert.Same(first, await provider.GetTokenAsync(Cancel));
        Assert.Same(first, await provider.GetTokenAsync(Cancel));
        source.ReuseFor = TimeSpan.FromTicks(1);
        provider.Invalidate(first);
        var second = await provider.GetTokenAsync(Cancel);
        var third = await provider.GetTokenAsync(Cancel);

        Assert.Equal(("token-2", "token-3"), (second.Value, third.Value));
    }

    // One hour of life; the early renewal from 41:18.
    private static HeldToken Held(TimeSpan askedBefore)
    {
        var time = TimeProvider.System;

        return new HeldToken(
            new TokenGrant(new AccessToken("token")),
            time.GetUtcNow() - askedBefore,
            time.GetTimestamp(),
            TokenWindows.For(TimeSpan.FromHours(1), reuseFor: null, jitter: 0)
        );
    }
}
