namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "52")]
public sealed class HostHeaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://api.example.com/", "api.example.com", true)]
    [InlineData("https://api.example.com/", "API.example.com:443", true)]
    [InlineData("https://api.example.com/", "other.example.com", true)]
    [InlineData("https://api.example.com:8443/", "api.example.com", true)]
    [InlineData("https://api.example.com:8443/", "other.example.com", true)]
    [InlineData("http://localhost:5000/", "localhost", true)]
    [InlineData("http://localhost:5000/", "127.0.0.1:5001", true)]
    [InlineData("http://localhost:5000/", "api.example.com", true)] // this machine, playing that host
    [InlineData("https://api.example.com/", "evil.example", false)]
    [InlineData("https://api.example.com/", "api.example.com.evil.example", false)]
    [InlineData("https://api.example.com/", "api.example.com.", false)]
    [InlineData("https://api.example.com/", "api.example.com:8444", false)]
    [InlineData("https://api.example.com/", "localhost", false)]
    [InlineData("https://api.example.com/", "user@api.example.com", false)]
    [InlineData("https://api.example.com/", "api.example.com/evil.example", false)]
    [InlineData("https://api.example.com/", "api.example.com, evil.example", false)]
    [InlineData("https://api.example.com/", "*", false)]
    [InlineData("http://localhost:5000/", "evil.example", false)]
    public async Task A_Host_header_is_judged_by_the_list_as_the_address_is(string uri, string host, bool allowed)
    {
        foreach (var kind in new[] { "Bearer", "Key", "Query" })
        {
            var primary = new StubPrimaryHandler(200);
            using var client = Client(kind, primary);
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.TryAddWithoutValidation("Host", host);

            if (allowed)
                await client.SendAsync(request, Cancellation);
            else
                await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, Cancellation));

            Assert.Equal(allowed ? 1 : 0, primary.Received.Count);
        }
    }

    [Fact]
    public async Task An_address_that_was_allowed_without_a_Host_header_is_judged_with_one()
    {
        var primary = new StubPrimaryHandler(200);
        using var client = Client("Bearer", primary);
        await client.SendAsync(new(HttpMethod.Get, "https://api.example.com/"), Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/");
        request.Headers.Host = "evil.example";

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, Cancellation));

        Assert.Equal(
            "BearerTokenHandler sends no credential to 'https://api.example.com': the request's Host header names 'evil.example', which is "
                + "not on its list. Remove the header, or add that host to AllowedHosts in the options of BearerTokenHandler if it may "
                + "receive the credential.",
            error.Message
        );
        Assert.Single(primary.Received);
    }

    [Theory]
    [InlineData("stub:8080", true)]
    [InlineData("api.example.com", false)] // which is listed for https alone
    public async Task Over_http_a_Host_header_is_judged_by_the_hosts_in_AllowHttp(string host, bool allowed)
    {
        var options = Options();
        options.AllowHttp.Add("emulator:8080");
        options.AllowHttp.Add("stub:8080");
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(
            AnyHandler.Of("Bearer", new FakeTokenProvider("t1"), primary, options)
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://emulator:8080/");
        request.Headers.TryAddWithoutValidation("Host", host);

        if (allowed)
            await client.SendAsync(request, Cancellation);
        else
            await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, Cancellation));

        Assert.Equal(allowed ? 1 : 0, primary.Received.Count);
    }

    [Fact]
    public async Task A_Host_header_of_a_client_is_judged_too()
    {
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpClient(AnyHandler.Of("Bearer", new FakeTokenProvider("t1"), primary, Options()));
        client.DefaultRequestHeaders.Host = "evil.example";

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.GetAsync(new Uri("https://api.example.com/"), Cancellation)
        );

        Assert.Empty(primary.Received);
    }

    private static HttpMessageInvoker Client(string kind, HttpMessageHandler primary) =>
        new(AnyHandler.Of(kind, new FakeTokenProvider("t1"), primary, Options()));

    private static TokenHandlerOptions Options() =>
        new()
        {
            AllowedHosts = { "api.example.com", "api.example.com:8443", "other.example.com", "other.example.com:8443" },
        };
}
