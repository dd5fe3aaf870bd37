using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tests.Lifetime;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Handlers;

public sealed class RejectionTests
{
    private static readonly Uri Service = new("http://localhost/");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bearer", "http://localhost/ Authorization: Bearer t1", "http://localhost/ Authorization: Bearer t2")]
    [InlineData(
        "Key",
        "http://localhost/ Ocp-Apim-Subscription-Key: t1",
        "http://localhost/ Ocp-Apim-Subscription-Key: t2"
    )]
    [InlineData(
        "Query",
        "http://localhost/?oauth_provider=mcs&oauth_token=t1",
        "http://localhost/?oauth_provider=mcs&oauth_token=t2"
    )]
    public async Task A_refused_request_is_sent_once_more_with_a_newer_token(string kind, string first, string second)
    {
        foreach (var later in new[] { false, true })
        {
            var provider = new FakeTokenProvider("t1", "t2");
            var primary = new StubPrimaryHandler(401, 200) { AnswersLater = later };

            var response = await SendAsync(AnyHandler.Of(kind, provider, primary));

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal([first, second], primary.Received);
            Assert.Equal(["t1"], provider.Refused);
            Assert.Equal(Service, response.RequestMessage!.RequestUri);
            Assert.Empty(response.RequestMessage.Headers);
        }
    }

    [Fact]
    public async Task The_refused_response_is_disposed_and_the_second_one_is_final()
    {
        var bodies = new List<ScriptedStream>();
        var primary = new StubPrimaryHandler(_ =>
        {
            bodies.Add(new("refused"));
            return new(HttpStatusCode.Unauthorized) { Content = new StreamContent(bodies[^1]) };
        });

        var response = await SendAsync(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2", "t3"), primary));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal([true, false], bodies.Select(body => body.IsDisposed));
    }

    [Theory]
    [Trait("Failure", "23")]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Nothing_but_401_is_a_refusal_unless_somebody_says_so(int status)
    {
        var provider = new FakeTokenProvider("t1", "t2");

        var response = await SendAsync(AnyHandler.Of("Bearer", provider, new StubPrimaryHandler(status)));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(provider.Refused);
    }

    [Fact]
    public async Task The_providers_rule_replaces_401()
    {
        var provider = new PickyProvider(418);
        var primary = new StubPrimaryHandler(401, 418, 200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        var unauthorized = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);
        var healed = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, unauthorized.StatusCode);
        Assert.Equal(HttpStatusCode.OK, healed.StatusCode);
        Assert.Equal(["t1"], provider.Tokens.Refused);
    }

    [Fact]
    public async Task The_options_rule_replaces_the_providers()
    {
        var provider = new PickyProvider(418);
        var options = new TokenHandlerOptions
        {
            IsRejected = async (response, _) =>
            {
                await Task.Yield();
                return response.StatusCode == HttpStatusCode.Forbidden;
            },
        };
        var primary = new StubPrimaryHandler(418, 403, 200);
        using var client = new HttpMessageInvoker(new BearerTokenHandler(provider, options) { InnerHandler = primary });

        var teapot = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);
        var healed = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(418, (int)teapot.StatusCode);
        Assert.Equal(HttpStatusCode.OK, healed.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rule_that_fails_fails_the_request_and_leaves_no_response_behind(bool later)
    {
        var body = new ScriptedStream("body");
        var primary = new StubPrimaryHandler(_ => new() { Content = new StreamContent(body) });
        var options = new TokenHandlerOptions
        {
            IsRejected = (_, _) =>
                later ? new(Task.FromException<bool>(new FormatException())) : throw new FormatException(),
        };
        using var handler = new BearerTokenHandler(new FakeTokenProvider("t1"), options) { InnerHandler = primary };

        await Assert.ThrowsAsync<FormatException>(() => SendAsync(handler));

        Assert.True(body.IsDisposed);
    }

    [Theory]
    [InlineData("Bearer", true)]
    [InlineData("Key", true)]
    [InlineData("Query", true)]
    [InlineData("Bearer", false)]
    [InlineData("Key", false)]
    [InlineData("Query", false)]
    public async Task A_providers_rule_that_fails_leaves_no_credential_on_the_request(string kind, bool later)
    {
        var provider = new RuledProvider(
            new FakeTokenProvider("t1"),
            _ => later ? new(Task.FromException<bool>(new FormatException())) : throw new FormatException()
        );
        using var client = new HttpMessageInvoker(AnyHandler.Of(kind, provider, new StubPrimaryHandler(401)));
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        await Assert.ThrowsAsync<FormatException>(() => client.SendAsync(request, Cancellation));

        Assert.Equal(Service, request.RequestUri);
        Assert.Empty(request.Headers);
    }

    [Fact]
    public async Task Without_replay_a_refusal_still_invalidates()
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var primary = new StubPrimaryHandler(401, 200);
        var options = new TokenHandlerOptions { ReplayOnRejection = false };

        var response = await SendAsync(new BearerTokenHandler(provider, options) { InnerHandler = primary });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(["t1"], provider.Refused);
        Assert.Single(primary.Received);
        Assert.Equal(1, provider.Asked);
    }

    [Fact]
    [Trait("Failure", "25")]
    public async Task Without_a_newer_token_the_caller_gets_the_original_response()
    {
        var provider = new FakeTokenProvider("t1", "t1");
        var body = new ScriptedStream("refused");
        var primary = new StubPrimaryHandler(_ =>
            new(HttpStatusCode.Unauthorized) { Content = new StreamContent(body) }
        );

        var response = await SendAsync(AnyHandler.Of("Bearer", provider, primary));

        Assert.Equal("refused", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Single(primary.Received);
    }

    [Theory]
    [InlineData(typeof(TokenAcquisitionException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))] // a time limit of its own: the caller has not left
    public async Task When_no_token_can_be_had_the_caller_gets_the_original_response(Type failure)
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var body = new ScriptedStream("refused");
        var primary = new StubPrimaryHandler(_ =>
        {
            provider.Before = _ => throw (Exception)Activator.CreateInstance(failure)!;
            return new(HttpStatusCode.Unauthorized) { Content = new StreamContent(body) };
        });

        var response = await SendAsync(AnyHandler.Of("Bearer", provider, primary));

        Assert.Equal("refused", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Single(primary.Received);
    }

    [Fact]
    public async Task Made_with_plain_new_a_handler_logs_where_its_provider_does()
    {
        var clock = new ManualTimeProvider();
        var logs = new RecordedLogs();
        using var provider = new CachedTokenProvider(
            new ScriptedSource(clock),
            timeProvider: clock,
            loggerFactory: logs
        );

        await SendAsync(AnyHandler.Of("Bearer", provider, new StubPrimaryHandler(401, 200)));

        Assert.Equal(["BearerTokenHandler: localhost refused the credential with HTTP 401."], logs.Messages(42));
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_a_token_is_fetched_gets_no_response()
    {
        using var gaveUp = new CancellationTokenSource();
        var provider = new FakeTokenProvider("t1", "t2");
        var body = new ScriptedStream("refused");
        var primary = new StubPrimaryHandler(_ =>
        {
            provider.Before = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return new(HttpStatusCode.Unauthorized) { Content = new StreamContent(body) };
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        var sending = client.SendAsync(new(HttpMethod.Get, Service), gaveUp.Token);
        await gaveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.True(body.IsDisposed);
    }

    [Theory]
    [Trait("Failure", "23")]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task After_a_redirect_nothing_is_renewed_or_sent_again(string kind)
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var primary = new StubPrimaryHandler(request =>
        {
            request.RequestUri = new Uri("http://elsewhere.example/");
            return new(HttpStatusCode.Unauthorized);
        });

        var response = await SendAsync(AnyHandler.Of(kind, provider, primary));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(provider.Refused);
        Assert.Single(primary.Received);
        Assert.Equal("http://elsewhere.example/", response.RequestMessage!.RequestUri!.OriginalString);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task A_copy_of_the_request_that_was_answered_shows_no_credential_either(string kind)
    {
        var copying = new ApplicationHandler(new StubPrimaryHandler(401, 200))
        {
            Forward = (request, forward) => forward(Copy(request)),
        };
        var provider = new FakeTokenProvider("t1", "t2");

        var response = await SendAsync(AnyHandler.Of(kind, provider, copying));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Service, response.RequestMessage!.RequestUri);
        Assert.Empty(response.RequestMessage.Headers);
    }

    [Fact]
    [Trait("Failure", "24")]
    public async Task A_body_that_cannot_be_sent_twice_leaves_the_refusal_whole()
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var body = new ScriptedStream("refused");
        var primary = new StubPrimaryHandler(_ =>
            new(HttpStatusCode.Unauthorized) { Content = new StreamContent(body) }
        );
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service)
        {
            Content = new StreamContent(new ScriptedStream(new string('a', RecordingContent.MaxLength + 1))),
        };

        var response = await client.SendAsync(request, Cancellation);

        Assert.Equal("refused", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["t1"], provider.Refused);
        Assert.Equal(1, provider.Asked);
        Assert.Single(primary.Received);
    }

    [Fact]
    public async Task A_body_that_can_be_sent_twice_is()
    {
        var bodies = new List<string>();
        var primary = new StubPrimaryHandler(request =>
        {
            bodies.Add(request.Content!.ReadAsStringAsync().GetAwaiter().GetResult());
            return new(bodies.Count == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), primary));
        using var file = new MemoryStream("xxxaudio"u8.ToArray()) { Position = 3 };
        using var request = new HttpRequestMessage(HttpMethod.Post, Service)
        {
            Content = new MultipartFormDataContent("b")
            {
                { new StringContent("{}"), "meta" },
                { new StreamContent(file), "file", "a.png" },
            },
        };

        await client.SendAsync(request, Cancellation);

        Assert.Equal(2, bodies.Count);
        Assert.Contains("audio", bodies[0], StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", bodies[0], StringComparison.Ordinal);
        Assert.Equal(bodies[0], bodies[1]);
    }

    [Theory]
    [InlineData("east.example.com")]
    [InlineData("https://no host")]
    public async Task A_newer_token_does_not_go_where_its_provider_does_not_want_it_any_more(string host)
    {
        var provider = new PickyProvider(401) { AllowedHosts = ["west.example.com"] };
        var primary = new StubPrimaryHandler(_ =>
        {
            provider.AllowedHosts = [host];
            return new(HttpStatusCode.Unauthorized);
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        var response = await client.SendAsync(new(HttpMethod.Get, "https://west.example.com/"), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(primary.Received);
    }

    [Fact]
    public async Task A_refusal_is_logged_without_the_credential()
    {
        var logs = new RecordedLogs();
        using var handler = new OAuthTokenQueryHandler(new FakeTokenProvider("t1", "t2"))
        {
            Logger = logs,
            InnerHandler = new StubPrimaryHandler(401, 200),
        };

        await SendAsync(handler);

        Assert.Contains(
            "Debug 42: OAuthTokenQueryHandler: localhost refused the credential with HTTP 401.",
            logs.Lines
        );
    }

    private static async Task<HttpResponseMessage> SendAsync(TokenHandler handler)
    {
        using var client = new HttpMessageInvoker(handler, disposeHandler: false);
        return await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var header in request.Headers)
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);

        return copy;
    }

    private sealed class PickyProvider(int rejecting) : ITokenProvider, ITokenAudience
    {
        public FakeTokenProvider Tokens { get; } = new("t1", "t2");

        public IReadOnlyCollection<string> AllowedHosts { get; set; } = [];

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            Tokens.GetTokenAsync(cancellationToken);

        public void Invalidate(AccessToken rejected) => Tokens.Invalidate(rejected);

        public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
            new((int)response.StatusCode == rejecting);
    }
}
