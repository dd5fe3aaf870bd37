#if !NETSTANDARD_ASSEMBLY
namespace TokenAuth.Tests.Handlers;

/// <summary>A URI that was made without canonicalization goes out byte by byte as it came.</summary>
[Trait("Failure", "60")]
public sealed class UncanonicalAddressTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/a/%2E%2E/b%2Fc?x=%41", "/a/%2E%2E/b%2Fc?x=%41&{0}")]
    [InlineData("/a/../b", "/a/../b?{0}")]
    [InlineData("/a/./b?", "/a/./b?{0}")]
    [InlineData("/%7euser?q=%7E&", "/%7euser?q=%7E&{0}")]
    [InlineData("/a\\b", "/a\\b?{0}")]
    [InlineData("/a%2e?oauth_provider=mr", "/a%2e?oauth_provider=mr&oauth_token=t%2B1")]
    [InlineData("/a%41#b", "/a%41#b?{0}")] // to such a URI a number sign is a character like others
    [InlineData("", "/?{0}")]
    public async Task The_query_handler_adds_the_token_and_changes_nothing_else(string path, string sent)
    {
        var own = Uncanonical("http://localhost" + path);
        string? received = null;
        var primary = new StubPrimaryHandler(request =>
        {
            received = request.RequestUri!.PathAndQuery;
            return new();
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", new FakeTokenProvider("t+1"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Get, own);

        await client.SendAsync(request, Cancellation);

        Assert.Equal(sent.Replace("{0}", "oauth_provider=mcs&oauth_token=t%2B1", StringComparison.Ordinal), received);
        Assert.Same(own, request.RequestUri);
    }

    [Fact]
    public async Task It_is_healed_byte_by_byte_too()
    {
        var received = new List<string>();
        var primary = new StubPrimaryHandler(request =>
        {
            received.Add(request.RequestUri!.PathAndQuery);
            return new(received.Count == 1 ? System.Net.HttpStatusCode.Unauthorized : System.Net.HttpStatusCode.OK);
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", new FakeTokenProvider("t1", "t2"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Get, Uncanonical("http://localhost/%41"));

        await client.SendAsync(request, Cancellation);

        Assert.Equal(["/%41?oauth_provider=mcs&oauth_token=t1", "/%41?oauth_provider=mcs&oauth_token=t2"], received);
    }

    [Fact]
    public async Task An_address_of_the_same_text_that_was_canonicalized_gets_its_own_query()
    {
        var received = new List<string>();
        var primary = new StubPrimaryHandler(request =>
        {
            received.Add(request.RequestUri!.PathAndQuery);
            return new();
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", new FakeTokenProvider("t1"), primary));

        foreach (var uri in new[] { new Uri("http://localhost/%41"), Uncanonical("http://localhost/%41") })
            await client.SendAsync(new(HttpMethod.Get, uri), Cancellation);

        Assert.Equal(["/A?oauth_provider=mcs&oauth_token=t1", "/%41?oauth_provider=mcs&oauth_token=t1"], received);
    }

    [Theory]
    [InlineData("/a%41#b")]
    [InlineData("/a/../b")]
    public async Task The_caller_gets_it_back_from_an_inner_handler_that_made_it_again_of_its_text(string path)
    {
        var own = Uncanonical("http://localhost" + path);
        var primary = new StubPrimaryHandler(request =>
        {
            request.RequestUri = new Uri(request.RequestUri!.OriginalString);
            return new();
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", new FakeTokenProvider("t1"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Get, own);

        await client.SendAsync(request, Cancellation);

        Assert.Same(own, request.RequestUri);
    }

    private static Uri Uncanonical(string uri) =>
        new(uri, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
#endif
