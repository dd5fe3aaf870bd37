using System.Net;

namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "62")]
public sealed class LoopbackProxyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://localhost:5000/")]
    [InlineData("https://127.0.0.1:5001/")]
    [InlineData("http://[::1]:5000/")]
    public async Task A_request_to_this_machine_that_a_proxy_would_carry_is_refused_with_the_remedy(string uri)
    {
        foreach (var primary in Proxied())
        {
            var provider = new FakeTokenProvider("t1");
            using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

            var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                client.SendAsync(new(HttpMethod.Get, uri), Cancellation)
            );

            Assert.Equal(
                $"BearerTokenHandler sends no credential to '{uri.TrimEnd('/')}': its {primary.GetType().Name} would send the request through "
                    + "the proxy 'http://proxy.example:3128', and loopback must not leave this machine. Set UseProxy = false on that handler, "
                    + "or name localhost, 127.0.0.1 and ::1 in the proxy's exceptions (NO_PROXY where it comes from the environment).",
                error.Message
            );
            Assert.Equal(0, provider.Asked);
        }
    }

    [Fact]
    public async Task A_proxy_that_is_not_used_or_bypassed_is_no_hindrance()
    {
        HttpClientHandler[] handlers =
        [
            new StubPrimaryHandler(200) { Proxy = new FixedProxy(), UseProxy = false },
            new StubPrimaryHandler(200) { Proxy = new WebProxy("http://proxy.example:3128", BypassOnLocal: true) },
        ];
        foreach (var primary in handlers)
        {
            using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1"), primary));

            await client.SendAsync(new(HttpMethod.Get, "http://localhost:5000/"), Cancellation);

            Assert.Single(((StubPrimaryHandler)primary).Received);
        }
    }

    [Fact]
    public async Task A_host_beyond_this_machine_goes_through_the_proxy()
    {
        var primary = new StubPrimaryHandler(200) { Proxy = new FixedProxy() };
        using var client = new HttpMessageInvoker(
            AnyHandler.Of(
                "Bearer",
                new FakeTokenProvider("t1"),
                primary,
                new() { AllowedHosts = { "api.example.com" } }
            )
        );

        await client.SendAsync(new(HttpMethod.Get, "https://api.example.com/"), Cancellation);

        Assert.Single(primary.Received);
    }

    [Fact]
    public async Task The_systems_proxy_counts_for_a_handler_that_names_none()
    {
        const string Address = "http://127.6.2.62:5000"; // no other test's
        var before = SystemProxy;
        SystemProxy = new FixedProxy { Carries = Address, Others = before };
        try
        {
            foreach (var primary in new HttpMessageHandler[] { new HttpClientHandler(), new SocketsHttpHandler() })
            {
                using var client = new HttpMessageInvoker(
                    AnyHandler.Of("Bearer", new FakeTokenProvider("t1"), primary)
                );

                var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                    client.SendAsync(new(HttpMethod.Get, Address), Cancellation)
                );

                Assert.StartsWith(
                    $"BearerTokenHandler sends no credential to '{Address}': its {primary.GetType().Name} would send the request through the "
                        + "proxy 'http://proxy.example:3128', ",
                    error.Message,
                    StringComparison.Ordinal
                );
            }
        }
        finally
        {
            SystemProxy = before;
        }
    }

    [Fact]
    public async Task A_handler_whose_proxy_cannot_be_seen_is_warned_of_once_for_all_addresses()
    {
        var logs = new RecordedLogs();
        using var handler = new BearerTokenHandler(new FakeTokenProvider("t1"))
        {
            InnerHandler = new OpaqueHandler(_ => new()),
            Logger = logs,
        };
        using var client = new HttpMessageInvoker(handler);

        await client.SendAsync(new(HttpMethod.Get, "http://localhost:5000/"), Cancellation);
        await client.SendAsync(new(HttpMethod.Get, "http://localhost:5001/"), Cancellation);

        Assert.Single(logs.Messages(43));
    }

    private static IEnumerable<HttpMessageHandler> Proxied() =>
        [
            new StubPrimaryHandler(200) { Proxy = new FixedProxy() },
            new HttpClientHandler { Proxy = new FixedProxy() },
            new SocketsHttpHandler { Proxy = new FixedProxy() },
        ];

    private static IWebProxy SystemProxy
    {
#if NETSTANDARD_ASSEMBLY
        get => WebRequest.DefaultWebProxy!;
        set => WebRequest.DefaultWebProxy = value;
#else
        get => HttpClient.DefaultProxy;
        set => HttpClient.DefaultProxy = value;
#endif
    }

    private sealed class FixedProxy : IWebProxy
    {
        /// <summary>The one address that it carries; all of them when null.</summary>
        public string? Carries { get; init; }

        /// <summary>The proxy of the other addresses.</summary>
        public IWebProxy? Others { get; init; }

        public ICredentials? Credentials { get; set; } = new NetworkCredential("user", "secret");

        public Uri? GetProxy(Uri destination) =>
            IsCarried(destination) ? new("http://user:secret@proxy.example:3128") : Others?.GetProxy(destination);

        public bool IsBypassed(Uri host) => !IsCarried(host) && Others?.IsBypassed(host) is not false;

        private bool IsCarried(Uri address) => Carries is null || new Uri(Carries) == address;
    }
}
