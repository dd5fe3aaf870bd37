namespace TokenAuth.Tests.Handlers;

public sealed class ReplaceExistingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bearer", "http://localhost/ Authorization: Bearer t1")]
    [InlineData("Key", "http://localhost/ Ocp-Apim-Subscription-Key: t1")]
    [InlineData("Query", "http://localhost/?oauth_provider=mcs&oauth_token=t1")]
    public async Task A_credential_that_a_request_brings_along_is_replaced_wherever_it_is(string kind, string received)
    {
        foreach (var place in new[] { "Authorization", "Ocp-Apim-Subscription-Key", "query" })
        {
            var primary = new StubPrimaryHandler(200);
            using var client = Client(kind, primary);
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                place == "query" ? "http://localhost/?oauth_token=callers" : "http://localhost/"
            );
            if (place != "query")
                request.Headers.TryAddWithoutValidation(place, "Bearer callers");

            await client.SendAsync(request, Cancellation);

            Assert.Equal([received], primary.Received);
            Assert.DoesNotContain("callers", request.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Bearer", "http://localhost/?a=b Authorization: Bearer t1")]
    [InlineData("Key", "http://localhost/?a=b Ocp-Apim-Subscription-Key: t1")]
    [InlineData("Query", "http://localhost/?a=b&oauth_provider=mcs&oauth_token=t1")]
    public async Task One_in_the_query_is_replaced_each_time_that_the_same_address_is_asked(
        string kind,
        string received
    )
    {
        var primary = new StubPrimaryHandler(200);
        using var client = Client(kind, primary);

        for (var i = 0; i < 3; i++)
            await client.SendAsync(new(HttpMethod.Get, "http://localhost/?a=b&oauth_token=callers"), Cancellation);

        Assert.Equal([received, received, received], primary.Received);
    }

    [Fact]
    public async Task A_host_that_is_not_listed_gets_neither()
    {
        var primary = new StubPrimaryHandler(200);
        using var client = Client("Bearer", primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://evil.example/");
        request.Headers.Authorization = new("Bearer", "callers");

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, Cancellation));

        Assert.Empty(primary.Received);
    }

    [Theory]
    [InlineData("http://localhost/?oauth_token=callers&a=b", "http://localhost/?a=b&oauth_provider=mcs&oauth_token=t1")]
    [InlineData(
        "http://localhost/?a=b&oauth_token=x&oauth_token=y",
        "http://localhost/?a=b&oauth_provider=mcs&oauth_token=t1"
    )]
    [InlineData(
        "http://localhost/?oauth_provider=mr&oauth_token=x",
        "http://localhost/?oauth_provider=mr&oauth_token=t1"
    )]
    [InlineData("http://localhost/?oauth_token", "http://localhost/?oauth_provider=mcs&oauth_token=t1")]
    public async Task The_rest_of_the_query_stays(string uri, string received)
    {
        var primary = new StubPrimaryHandler(200);
        using var client = Client("Query", primary);

        await client.SendAsync(new(HttpMethod.Get, uri), Cancellation);

        Assert.Equal([received], primary.Received);
    }

    private static HttpMessageInvoker Client(string kind, HttpMessageHandler primary) =>
        new(AnyHandler.Of(kind, new FakeTokenProvider("t1"), primary, new() { ReplaceExisting = true }));
}
