namespace TokenAuth.Tests.Wire;

public sealed class TokenHttpClientTests
{
    [Fact]
    public void Its_time_outs_are_the_exchanges()
    {
        using var own = TokenHttpClient.Create();
        using var handler = new OpaqueHandler(_ => new());
        using var over = TokenHttpClient.Over(handler);

        Assert.Equal(Timeout.InfiniteTimeSpan, own.Timeout);
        Assert.Equal(Timeout.InfiniteTimeSpan, over.Timeout);
    }

    [Fact]
    public async Task A_client_over_a_handler_that_something_else_owns_leaves_it_alone()
    {
        using var handler = new OpaqueHandler(_ => new());

        using (var client = TokenHttpClient.Over(handler))
            await client.GetAsync(new Uri("http://localhost/"), TestContext.Current.CancellationToken);

        Assert.False(handler.IsDisposed);
    }
}
