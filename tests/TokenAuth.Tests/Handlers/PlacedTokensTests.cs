namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "51")]
public sealed class PlacedTokensTests
{
    [Fact]
    public void The_last_tokens_are_known_and_older_ones_make_way()
    {
        var placed = new PlacedTokens(capacity: 2);

        foreach (var token in new[] { "a", "b", "b", "c" })
            placed.Add(new AccessToken(token));

        Assert.False(placed.Contains("a"));
        Assert.True(placed.Contains("b"));
        Assert.True(placed.Contains("c"));
        Assert.False(placed.Contains("B"));
        Assert.False(placed.Contains(""));
    }

    [Fact]
    public void All_handlers_of_one_provider_share_what_they_know()
    {
        var provider = new FakeTokenProvider("a");

        PlacedTokens.Of(provider).Add(new AccessToken("a"));

        Assert.True(PlacedTokens.Of(provider).Contains("a"));
        Assert.False(PlacedTokens.Of(new FakeTokenProvider("a")).Contains("a"));
    }

    [Fact]
    public void A_provider_without_tenants_has_sixteen()
    {
        var placed = PlacedTokens.Of(new FakeTokenProvider("a"));

        foreach (var i in Enumerable.Range(0, 17))
            placed.Add(new AccessToken(FormattableString.Invariant($"token-{i}")));

        Assert.False(placed.Contains("token-0"));
        Assert.True(placed.Contains("token-1"));
        Assert.True(placed.Contains("token-16"));
    }
}
