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
    public void One_engine_has_sixteen()
    {
        using var engine = new CachedTokenProvider(new ScriptedSource(TimeProvider.System));

        Assert.Equal(16, Known(engine, among: 17));
    }

    // Each request may be another user's, and one that is under way keeps its token for as long as it takes.
    [Fact]
    public void A_provider_that_may_choose_between_many_tokens_has_as_many_as_tenants()
    {
        using var engine = new CachedTokenProvider(new ScriptedSource(TimeProvider.System));
        using var wrapper = new WrappingProvider(engine);

        Assert.Equal(5_000, Known(new FakeTokenProvider("a"), among: 5_000));
        Assert.Equal(5_000, Known(wrapper, among: 5_000));
    }

    private static int Known(ITokenProvider provider, int among)
    {
        var placed = PlacedTokens.Of(provider);
        var tokens = Enumerable.Range(0, among).Select(i => FormattableString.Invariant($"token-{i}")).ToList();
        tokens.ForEach(token => placed.Add(new AccessToken(token)));

        return tokens.Count(placed.Contains);
    }
}
