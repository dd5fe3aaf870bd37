namespace TokenAuth.Tests.Handlers;

public sealed class SchemeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Failure", "58")]
    [InlineData("wss://api.example.com/", true)]
    [InlineData("WSS://api.example.com:443/", true)]
    [InlineData("ws://127.0.0.1:5000/", true)]
    [InlineData("wss://[::1]:5001/", true)]
    [InlineData("ws://api.example.com/", false)]
    [InlineData("ws://api.example.com:443/", false)]
    [InlineData("wss://api.example.com:8443/", false)]
    [InlineData("wss://evil.example/", false)]
    public void A_web_socket_may_go_where_a_request_may(string uri, bool allowed)
    {
        Assert.Equal(allowed, new HostGuard(["api.example.com"], audience: null).Allows(new Uri(uri)));
    }

    [Theory]
    [InlineData("http://emulator:8080/", true)]
    [InlineData("ws://emulator:8080/", true)]
    [InlineData("https://emulator:8080/", true)]
    [InlineData("http://EMULATOR:8080/", true)]
    [InlineData("http://api.internal.example/", true)]
    [InlineData("http://api.internal.example:80/", true)]
    [InlineData("https://api.internal.example/", true)]
    [InlineData("http://emulator/", false)]
    [InlineData("http://emulator:8081/", false)]
    [InlineData("http://emulator.evil.example:8080/", false)]
    [InlineData("http://api.internal.example:8080/", false)]
    [InlineData("http://api.example.com/", false)]
    [InlineData("ftp://emulator:8080/", false)]
    public async Task Http_beyond_loopback_goes_to_hosts_that_AllowHttp_names(string uri, bool allowed)
    {
        var options = new TokenHandlerOptions
        {
            AllowedHosts = { "api.example.com" },
            AllowHttp = { "emulator:8080", "api.internal.example" },
        };
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(
            AnyHandler.Of("Bearer", new FakeTokenProvider("t1"), primary, options)
        );

        if (allowed)
            await client.SendAsync(new(HttpMethod.Get, uri), Cancellation);
        else
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                client.SendAsync(new(HttpMethod.Get, uri), Cancellation)
            );

        Assert.Equal(allowed ? 1 : 0, primary.Received.Count);
    }

    [Theory]
    [InlineData("emulator")]
    [InlineData(".example.com")]
    [InlineData("http://emulator:8080")]
    [InlineData("")]
    [InlineData(null)]
    public void A_wrong_entry_of_AllowHttp_is_an_error_when_the_handler_is_made(string? entry)
    {
        var options = new TokenHandlerOptions { AllowHttp = { entry! } };

        var error = Assert.Throws<ArgumentException>(() =>
            new BearerTokenHandler(new FakeTokenProvider("t1"), options)
        );

        Assert.Contains("AllowHttp", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Write 'emulator:8080', or 'api.example.com' for port 80, without scheme, path or wildcard.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Each_start_warns_of_http()
    {
        var logs = new RecordedLogs();
        var options = new TokenHandlerOptions { AllowHttp = { "emulator:8080", "stub:80" } };
        using var handler = new BearerTokenHandler(new FakeTokenProvider("t1"), options)
        {
            InnerHandler = new StubPrimaryHandler(200) { AllowAutoRedirect = false },
            Logger = logs,
        };
        using var client = new HttpMessageInvoker(handler);

        await client.SendAsync(new(HttpMethod.Get, "http://emulator:8080/"), Cancellation);
        await client.SendAsync(new(HttpMethod.Get, "http://emulator:8080/"), Cancellation);

        Assert.Equal(
            [
                "Warning 44: BearerTokenHandler sends its credential over http, readable on the way, to the hosts in AllowHttp: emulator:8080, stub:80.",
            ],
            logs.Lines
        );
    }
}
