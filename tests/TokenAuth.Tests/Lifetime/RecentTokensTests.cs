namespace TokenAuth.Tests.Lifetime;

public sealed class RecentTokensTests
{
    [Theory]
    [InlineData("a b", "a b")]
    [InlineData("a b c", "b c")]
    [InlineData("a b c d", "c d")]
    [InlineData("a a a", "a")]
    [InlineData("a b b c", "b c")]
    [InlineData("a b a c", "b c")]
    public void The_last_two_tokens_are_remembered(string added, string remembered)
    {
        var memory = new RecentTokens(capacity: 2);

        foreach (var token in added.Split(' '))
            memory.Add(new AccessToken(token));

        Assert.Equal(
            remembered.Split(' '),
            "abcd".Select(c => c.ToString()).Where(token => memory.Contains(new AccessToken(token)))
        );
    }
}
