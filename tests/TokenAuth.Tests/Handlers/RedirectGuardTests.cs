using System.Net;

namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "26")]
public sealed class RedirectGuardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Redirects_are_turned_off_behind_any_number_of_wrappers(int wrappers)
    {
        var sockets = new SocketsHttpHandler();
        var classic = new HttpClientHandler();
        var logs = new RecordedLogs();

        Handler(Wrap(sockets, wrappers), logs).SecurePrimaryHandler();
        Handler(Wrap(classic, wrappers), logs).SecurePrimaryHandler();

        Assert.False(sockets.AllowAutoRedirect);
        Assert.False(classic.AllowAutoRedirect);
        Assert.Equal(
            [
                "Information 40: BearerTokenHandler turned automatic redirects of its SocketsHttpHandler off: they could take the credential to another host.",
                "Information 40: BearerTokenHandler turned automatic redirects of its HttpClientHandler off: they could take the credential to another host.",
            ],
            logs.Lines
        );
    }

    [Fact]
    public async Task The_first_request_turns_them_off_and_says_so_once()
    {
        var primary = new StubPrimaryHandler(200);
        var logs = new RecordedLogs();
        using var client = new HttpMessageInvoker(Handler(primary, logs));

        await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);
        await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);

        Assert.False(primary.AllowAutoRedirect);
        Assert.Single(logs.Lines);
    }

    [Fact]
    public void Where_they_are_off_already_nothing_is_said()
    {
        var logs = new RecordedLogs();

        Handler(new SocketsHttpHandler { AllowAutoRedirect = false }, logs).SecurePrimaryHandler();

        Assert.Empty(logs.Lines);
    }

    [Fact]
    public async Task A_handler_that_redirects_and_has_sent_requests_is_an_error_each_time()
    {
        using var sockets = new SocketsHttpHandler();
        await StartAsync(sockets);
        var provider = new FakeTokenProvider("t1");
        using var handler = new BearerTokenHandler(provider) { InnerHandler = sockets };
        using var client = new HttpMessageInvoker(handler);

        handler.SecurePrimaryHandler();
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                client.SendAsync(new(HttpMethod.Get, "http://localhost:1/"), Cancellation)
            );

            Assert.Equal(
                "The SocketsHttpHandler of BearerTokenHandler follows redirects, which could take the credential to another host, "
                    + "and has sent requests already, so that this cannot be changed any more. "
                    + "Set AllowAutoRedirect = false where it is made.",
                error.Message
            );
        }

        Assert.Equal(0, provider.Asked);
    }

    [Fact]
    public async Task A_handler_that_does_not_redirect_may_have_sent_requests()
    {
        using var sockets = new SocketsHttpHandler { AllowAutoRedirect = false };
        await StartAsync(sockets);
        using var client = new HttpMessageInvoker(
            new BearerTokenHandler(new FakeTokenProvider("t1")) { InnerHandler = sockets }
        );

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.SendAsync(new(HttpMethod.Get, "http://localhost:1/"), Cancellation)
        );
    }

    [Fact]
    public async Task An_opaque_handler_is_warned_of_once()
    {
        var received = new List<string>();
        var opaque = new OpaqueHandler(request =>
        {
            received.Add(request.Headers.Authorization!.ToString());

            return new(HttpStatusCode.Unauthorized);
        });
        var provider = new FakeTokenProvider("t1", "t2");
        var logs = new RecordedLogs();
        using var client = new HttpMessageInvoker(Handler(Wrap(opaque, 1), logs, provider));

        var first = await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);
        var second = await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.Equal(["Bearer t1", "Bearer t2", "Bearer t2"], received);
        Assert.Equal(
            [
                "Warning 41: BearerTokenHandler cannot see whether its OpaqueHandler follows redirects, which could take the credential to "
                    + "another host. A refused request is sent again only if the answer came from its own address. Use SocketsHttpHandler or "
                    + "HttpClientHandler, or handlers that derive from DelegatingHandler above one of them.",
                "Warning 43: BearerTokenHandler cannot see whether its OpaqueHandler sends requests for loopback through a proxy, which would take "
                    + "the credential off this machine. Let no proxy carry localhost, 127.0.0.1 and ::1.",
            ],
            logs.Warnings
        );
    }

    [Fact]
    public async Task Without_an_inner_handler_HttpClient_says_what_is_wrong()
    {
        using var client = new HttpMessageInvoker(new BearerTokenHandler(new FakeTokenProvider("t1")));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation)
        );

        Assert.Equal("The inner handler has not been assigned.", error.Message);
    }

    private static async Task StartAsync(SocketsHttpHandler sockets)
    {
        using var other = new HttpMessageInvoker(sockets, disposeHandler: false);
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            other.SendAsync(new(HttpMethod.Get, "http://localhost:1/"), Cancellation)
        );
    }

    private static BearerTokenHandler Handler(
        HttpMessageHandler inner,
        RecordedLogs logs,
        ITokenProvider? provider = null
    ) => new(provider ?? new FakeTokenProvider("t1")) { InnerHandler = inner, Logger = logs };

    private static HttpMessageHandler Wrap(HttpMessageHandler inner, int times) =>
        times == 0 ? inner : Wrap(new ApplicationHandler(inner), times - 1);
}
