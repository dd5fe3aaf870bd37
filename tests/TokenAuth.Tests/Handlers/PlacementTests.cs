using System.Net;

namespace TokenAuth.Tests.Handlers;

public sealed class PlacementTests
{
    private const string Service = "http://localhost/";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bearer", "http://localhost/ Authorization: Bearer t1")]
    [InlineData("Key", "http://localhost/ Ocp-Apim-Subscription-Key: t1")]
    [InlineData("Query", "http://localhost/?oauth_provider=mcs&oauth_token=t1")]
    public async Task A_credential_is_on_the_request_only_while_it_is_sent(string kind, string received)
    {
        var primary = new StubPrimaryHandler(200) { AnswersLater = true };
        using var client = Client(kind, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal([received], primary.Received);
        Assert.Equal(Service, response.RequestMessage!.RequestUri!.OriginalString);
        Assert.Empty(response.RequestMessage.Headers);
    }

    [Theory]
    [InlineData("Bearer", true)]
    [InlineData("Key", true)]
    [InlineData("Query", true)]
    [InlineData("Bearer", false)]
    [InlineData("Key", false)]
    [InlineData("Query", false)]
    public async Task A_credential_is_taken_off_when_sending_fails(string kind, bool later)
    {
        var primary = new StubPrimaryHandler(_ => throw new HttpRequestException("down")) { AnswersLater = later };
        using var client = Client(kind, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Cancellation));

        Assert.Equal(Service, request.RequestUri!.OriginalString);
        Assert.Empty(request.Headers);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task A_credential_is_taken_off_when_the_next_handler_throws_at_once(string kind)
    {
        var throwing = new ApplicationHandler(new StubPrimaryHandler(200))
        {
            Forward = (_, _) => throw new HttpRequestException("down"),
        };
        using var client = Client(kind, throwing);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Cancellation));

        Assert.Equal(Service, request.RequestUri!.OriginalString);
        Assert.Empty(request.Headers);
    }

    [Theory]
    [Trait("Failure", "28")]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task A_message_that_is_sent_again_has_one_credential(string kind)
    {
        var primary = new StubPrimaryHandler(503);
        using var client = Client(kind, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        await client.SendAsync(request, Cancellation);
        await client.SendAsync(request, Cancellation);

        Assert.Equal(primary.Received[0], primary.Received[1]);
    }

    [Theory]
    [Trait("Failure", "28")]
    [InlineData("Bearer", "http://localhost/ Authorization: Bearer outer")]
    [InlineData("Key", "http://localhost/ Ocp-Apim-Subscription-Key: outer")]
    [InlineData("Query", "http://localhost/?oauth_provider=mcs&oauth_token=outer")]
    public async Task Of_two_stacked_handlers_the_outer_one_places_its_credential(string kind, string received)
    {
        var primary = new StubPrimaryHandler(200);
        var inner = AnyHandler.Of(kind, new FakeTokenProvider("inner"), primary);
        using var client = new HttpMessageInvoker(AnyHandler.Of(kind, new FakeTokenProvider("outer"), inner));

        await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal([received], primary.Received);
    }

    [Theory]
    [InlineData("Bearer", "http://localhost/", "Authorization")]
    [InlineData("Key", "http://localhost/", "Ocp-Apim-Subscription-Key")]
    [InlineData("Query", "http://localhost/?a=b&oauth_token=task", null)]
    [InlineData("Query", "http://localhost/?oauth_token", null)]
    [InlineData("Query", "http://localhost/?oauth_token&a=b", null)]
    [InlineData("Query", "http://localhost/?&oauth_token=task", null)]
    [InlineData("Query", "http://localhost/?oauth_token=task#a", null)]
    [InlineData("Query", "http://localhost/?oauth_token=task", "Accept")]
    public async Task A_request_with_its_own_credential_is_left_alone(string kind, string uri, string? header)
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var primary = new StubPrimaryHandler(401);
        using var client = new HttpMessageInvoker(AnyHandler.Of(kind, provider, primary));
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, "task");

        var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal([header is null ? uri : $"{uri} {header}: task"], primary.Received);
        Assert.Equal(0, provider.Asked);
        Assert.Empty(provider.Refused);
    }

    [Theory]
    [Trait("Failure", "28")]
    [InlineData("?oauth%5Ftoken=task")]
    [InlineData("?oauth%5ftoken=task")]
    [InlineData("?a=b&%6Fauth_token=task")]
    [InlineData("?%6f%61uth%5Ftoken")]
    [InlineData("?oauth%5Ftoken#a")]
    public async Task A_credential_in_the_query_is_recognised_however_its_name_is_written(string query)
    {
        var uri = new Uri("http://localhost/" + query);
        var provider = new FakeTokenProvider("t1");
        using var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", provider, primary));
        using var bearer = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        await client.SendAsync(new(HttpMethod.Get, uri), Cancellation);
        await client.SendAsync(new(HttpMethod.Get, uri), Cancellation);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            bearer.SendAsync(new(HttpMethod.Get, uri), Cancellation)
        );

        Assert.Equal([uri.ToString(), uri.ToString()], primary.Received);
        Assert.Equal(0, provider.Asked);
        Assert.StartsWith(
            "BearerTokenHandler is to place the Authorization header, but the request already has oauth_token in the query",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [Trait("Failure", "28")]
    [InlineData("?oauth%5Ftoke=task")]
    [InlineData("?oauth%5Ftokens=task")]
    [InlineData("?a=oauth%5Ftoken=task")]
    [InlineData("?oauth%255Ftoken=task")]
    [InlineData("?OAUTH%5FTOKEN=task")]
    [InlineData("#?oauth%5Ftoken=task")]
    public async Task Another_parameter_is_no_credential(string query)
    {
        var provider = new FakeTokenProvider("t1");
        using var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", provider, primary));

        await client.SendAsync(new(HttpMethod.Get, new Uri("http://localhost/" + query)), Cancellation);

        Assert.EndsWith("&oauth_token=t1", Assert.Single(primary.Received), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Failure", "28")]
    [InlineData("Bearer", "http://localhost/", "Ocp-Apim-Subscription-Key", "the Ocp-Apim-Subscription-Key header")]
    [InlineData("Bearer", "http://localhost/?oauth_token=x", null, "oauth_token in the query")]
    [InlineData("Bearer", "http://localhost/?oauth_token=x", "Accept", "oauth_token in the query")]
    [InlineData("Key", "http://localhost/", "Authorization", "the Authorization header")]
    [InlineData("Query", "http://localhost/", "Authorization", "the Authorization header")]
    [InlineData("Query", "http://localhost/", "Ocp-Apim-Subscription-Key", "the Ocp-Apim-Subscription-Key header")]
    public async Task Two_methods_on_one_request_are_an_error(string kind, string uri, string? header, string other)
    {
        var primary = new StubPrimaryHandler(200);
        using var handler = AnyHandler.Of(kind, new FakeTokenProvider("t1"), primary);
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, "x");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, Cancellation));

        Assert.Equal(
            $"{handler.GetType().Name} is to place {handler.Placement.Name}, but the request already has {other}: "
                + "two methods on one request. Remove one of the two.",
            error.Message
        );
        Assert.Empty(primary.Received);
    }

    [Theory]
    [InlineData("Bearer", "http://localhost/?a=b Accept: x Authorization: Bearer t1")]
    [InlineData("Key", "http://localhost/?a=b Accept: x Ocp-Apim-Subscription-Key: t1")]
    [InlineData("Query", "http://localhost/?a=b&oauth_provider=mcs&oauth_token=t1 Accept: x")]
    public async Task Other_headers_and_parameters_are_no_credential(string kind, string received)
    {
        var primary = new StubPrimaryHandler(200);
        using var client = Client(kind, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service + "?a=b");
        request.Headers.TryAddWithoutValidation("Accept", "x");

        await client.SendAsync(request, Cancellation);

        Assert.Equal([received], primary.Received);
    }

    [Theory]
    [InlineData("http://localhost", "http://localhost/?{0}")]
    [InlineData("http://localhost/a?", "http://localhost/a?{0}")]
    [InlineData("http://localhost/a?b=c", "http://localhost/a?b=c&{0}")]
    [InlineData("http://localhost/a?b=c&", "http://localhost/a?b=c&{0}")]
    [InlineData("http://localhost/a?b=c#d?e", "http://localhost/a?b=c&{0}")]
    [InlineData("http://localhost/a#d?oauth_token=x", "http://localhost/a?{0}")]
    [InlineData("http://localhost/a%2Fb/%D1%8F?q=%26%3D", "http://localhost/a%2Fb/%D1%8F?q=%26%3D&{0}")]
    [InlineData("http://localhost/я?q=ж", "http://localhost/%D1%8F?q=%D0%B6&{0}")]
    [InlineData("  http://localhost/a  ", "http://localhost/a?{0}")]
    [InlineData("HTTP://LOCALHOST:80/A", "http://localhost/A?{0}")]
    [InlineData("http://localhost/?my_oauth_token=1", "http://localhost/?my_oauth_token=1&{0}")]
    [InlineData("http://localhost/?oauth_tokens=1", "http://localhost/?oauth_tokens=1&{0}")]
    [InlineData("http://localhost/a&oauth_token=1", "http://localhost/a&oauth_token=1?{0}")]
    [InlineData("http://localhost/?a=1#&oauth_token=1", "http://localhost/?a=1&{0}")]
    [InlineData("http://localhost/oauth_token=1", "http://localhost/oauth_token=1?{0}")]
    [InlineData("http://localhost/?oauth_provider=mr", "http://localhost/?oauth_provider=mr&oauth_token=a%2Bb%26c%3D")]
    public async Task A_query_keeps_what_it_had(string uri, string received)
    {
        var primary = new StubPrimaryHandler(200);
        string? sent = null;
        primary = new(request =>
        {
            sent = request.RequestUri!.AbsoluteUri;
            return new();
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", new FakeTokenProvider("a+b&c="), primary));
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var own = request.RequestUri;

        await client.SendAsync(request, Cancellation);

        Assert.Equal(
            received.Replace("{0}", "oauth_provider=mcs&oauth_token=a%2Bb%26c%3D", StringComparison.Ordinal),
            sent
        );
        Assert.Same(own, request.RequestUri);
    }

    [Theory]
    [InlineData("http://localhost/elsewhere", "http://localhost/elsewhere")]
    [InlineData("http://elsewhere.example/?oauth_provider=mcs&oauth_token=t1", "http://elsewhere.example/")]
    [InlineData("http://localhost/b?c=d&oauth_provider=mcs&oauth_token=t1&e=f", "http://localhost/b?c=d&e=f")]
    [InlineData("http://localhost/t1#c?d", "http://localhost/t1#c?d")] // no query, and the token's text by chance
    public async Task Where_an_inner_handler_led_is_shown_without_the_token(string led, string shown)
    {
        var primary = new StubPrimaryHandler(request =>
        {
            request.RequestUri = new Uri(led);
            return new();
        });
        using var client = Client("Query", primary);

        var response = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(shown, response.RequestMessage!.RequestUri!.OriginalString);
    }

    [Theory]
    [InlineData("a", "a-v2?{0}", "a-v2")]
    [InlineData("a", "a/b?{0}", "a/b")]
    [InlineData("a", "a?b=c&{0}", "a?b=c")]
    [InlineData("a", "a&{0}", "a&{0}")] // no query
    [InlineData("a", "a?oauth_token=t1", "a")]
    [InlineData("a", "a?oauth_provider=mcs&oauth_token=of-t1", "a?oauth_provider=mcs&oauth_token=of-t1")]
    [InlineData("a?b=c", "a?b=cd&{0}", "a?b=cd")]
    [InlineData("a?b=c", "a?b=c?{0}", "a?b=c?oauth_provider=mcs")] // one value up to the token
    [InlineData("a?b=c#d", "a?b=c&{0}", "a?b=c#d")]
    [InlineData("a", "a?{0}#b", "a#b")]
    [InlineData("a?", "a?{0}", "a?")]
    [InlineData("a?b=c&", "a?b=c&{0}", "a?b=c&")]
    [InlineData("a?oauth_provider=mr", "a?oauth_provider=mr&oauth_token=t1", "a?oauth_provider=mr")]
    public async Task An_address_that_begins_like_the_callers_is_shown_as_where_the_request_was_led(
        string own,
        string led,
        string shown
    )
    {
        var primary = new StubPrimaryHandler(request =>
        {
            request.RequestUri = new Uri(Placed(led));
            return new();
        });
        using var client = Client("Query", primary);

        var response = await client.SendAsync(new(HttpMethod.Get, Service + own), Cancellation);

        Assert.Equal(Placed(shown), response.RequestMessage!.RequestUri!.OriginalString);

        static string Placed(string path) =>
            Service + path.Replace("{0}", "oauth_provider=mcs&oauth_token=t1", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_follows_the_token_and_the_address()
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var primary = new StubPrimaryHandler(200, 200, 200, 401, 200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", provider, primary));

        foreach (var path in new[] { "a", "a", "b", "a" })
            await client.SendAsync(new(HttpMethod.Get, Service + path), Cancellation);

        Assert.Equal(
            [
                "http://localhost/a?oauth_provider=mcs&oauth_token=t1",
                "http://localhost/a?oauth_provider=mcs&oauth_token=t1",
                "http://localhost/b?oauth_provider=mcs&oauth_token=t1",
                "http://localhost/a?oauth_provider=mcs&oauth_token=t1",
                "http://localhost/a?oauth_provider=mcs&oauth_token=t2",
            ],
            primary.Received
        );
    }

    [Fact]
    public async Task Each_of_many_addresses_gets_its_own_query()
    {
        var primary = new StubPrimaryHandler(Enumerable.Repeat(200, 20).ToArray());
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", new FakeTokenProvider("t1"), primary));
        var addresses = Enumerable.Range(0, 20).Select(i => $"{Service}{i % 10}").ToList();

        foreach (var address in addresses)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            await client.SendAsync(request, Cancellation);
            Assert.Equal(address, request.RequestUri!.OriginalString);
        }

        Assert.Equal(addresses.Select(address => address + "?oauth_provider=mcs&oauth_token=t1"), primary.Received);
    }

    [Fact]
    public async Task The_OAuth_provider_is_escaped()
    {
        var primary = new StubPrimaryHandler(200);
        var options = new TokenHandlerOptions { OAuthProvider = "m&r" };
        using var client = new HttpMessageInvoker(
            new OAuthTokenQueryHandler(new FakeTokenProvider("t1"), options) { InnerHandler = primary }
        );

        await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(["http://localhost/?oauth_provider=m%26r&oauth_token=t1"], primary.Received);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void An_empty_OAuth_provider_is_an_error(string? provider)
    {
        var options = new TokenHandlerOptions { OAuthProvider = provider! };

        var error = Assert.Throws<ArgumentException>(() =>
            new OAuthTokenQueryHandler(new FakeTokenProvider("t1"), options)
        );

        Assert.StartsWith(
            "TokenHandlerOptions.OAuthProvider is empty; VK Cloud Vision wants 'mcs'.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("relative")]
    public async Task A_request_without_an_address_gets_no_credential(string? uri)
    {
        var provider = new FakeTokenProvider("t1");
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        await client.SendAsync(new(HttpMethod.Get, uri), Cancellation);

        Assert.Equal(0, provider.Asked);
        Assert.DoesNotContain("Authorization", primary.Received[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent()
    {
        var primary = new StubPrimaryHandler(200);
        var provider = new FakeTokenProvider("t1")
        {
            Before = _ => throw new TokenAcquisitionException("endpoint down"),
        };
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            client.SendAsync(new(HttpMethod.Get, Service), Cancellation)
        );

        Assert.Empty(primary.Received);
    }

    [Fact]
    public async Task A_provider_that_returns_null_stops_the_request()
    {
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new NullProvider(), primary));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(new(HttpMethod.Get, Service), Cancellation)
        );

        Assert.Equal(
            "The provider of BearerTokenHandler returned no token; nothing is sent without one.",
            error.Message
        );
        Assert.Empty(primary.Received);
    }

    [Fact]
    public async Task A_token_that_is_awaited_is_placed_too()
    {
        var primary = new StubPrimaryHandler(200);
        var provider = new FakeTokenProvider("t1") { Before = async _ => await Task.Yield() };
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(["http://localhost/ Authorization: Bearer t1"], primary.Received);
    }

    [Fact]
    public async Task A_token_that_must_be_awaited_blocks_nobody()
    {
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new AwaitedOnlyProvider("t1"), primary));

        await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(["http://localhost/ Authorization: Bearer t1"], primary.Received);
    }

    [Fact]
    public async Task A_key_handler_over_a_provider_with_a_key_sends_the_key_to_the_providers_hosts()
    {
        var provider = new KeyedProvider();
        var primary = new StubPrimaryHandler(401, 200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Key", provider, primary));

        await client.SendAsync(new(HttpMethod.Get, "https://speech.example.com/"), Cancellation);

        Assert.Equal(
            [
                "https://speech.example.com/ Ocp-Apim-Subscription-Key: k1",
                "https://speech.example.com/ Ocp-Apim-Subscription-Key: k2",
            ],
            primary.Received
        );
        Assert.Equal(0, provider.Tokens.Asked);
    }

    [Fact]
    public void A_handler_prints_what_it_does()
    {
        using var handler = new BearerTokenHandler(new FakeTokenProvider("t1"));

        Assert.Equal("BearerTokenHandler (the Authorization header)", handler.ToString());
    }

    [Fact]
    public void A_handler_needs_a_provider()
    {
        Assert.Throws<ArgumentNullException>(() => new BearerTokenHandler(null!));
        Assert.Throws<ArgumentNullException>(() => new SubscriptionKeyHandler(null!));
        Assert.Throws<ArgumentNullException>(() => new OAuthTokenQueryHandler(null!));
    }

    private static HttpMessageInvoker Client(string kind, HttpMessageHandler inner) =>
        new(AnyHandler.Of(kind, new FakeTokenProvider("t1"), inner));

    private sealed class NullProvider : ITokenProvider
    {
        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) => default;

        public void Invalidate(AccessToken rejected) { }
    }

    private sealed class KeyedProvider : ITokenProvider, ITokenAudience, ISubscriptionKeySource
    {
        public FakeTokenProvider Tokens { get; } = new("t1");

        public ITokenProvider SubscriptionKey { get; } = new FakeTokenProvider("k1", "k2");

        public IReadOnlyCollection<string> AllowedHosts { get; } = ["speech.example.com"];

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            Tokens.GetTokenAsync(cancellationToken);

        public void Invalidate(AccessToken rejected) => Tokens.Invalidate(rejected);

        public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
            new(response.StatusCode == HttpStatusCode.Unauthorized);
    }
}
