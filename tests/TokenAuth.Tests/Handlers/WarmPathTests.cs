using System.Net;

namespace TokenAuth.Tests.Handlers;

public sealed class WarmPathTests
{
    private const int Sends = 1_000;
    private static readonly Uri Service = new("https://voice.example.com/asr");
    private static readonly string Token = new('x', 1064);

    [Theory]
    [InlineData("Authorization", true)]
    [InlineData("Ocp-Apim-Subscription-Key", false)]
    public void A_header_costs_nothing_beyond_one_set_by_hand(string header, bool isBearer)
    {
        var options = new TokenHandlerOptions { AllowedHosts = { "voice.example.com" } };
        var provider = new FakeTokenProvider(Token);
        using var handler = isBearer
            ? (TokenHandler)new BearerTokenHandler(provider, options)
            : new SubscriptionKeyHandler(provider, options);
        handler.InnerHandler = new CompletedHandler();
        using var ours = new HttpMessageInvoker(handler);
        using var byHand = new HttpMessageInvoker(
            new HeaderByHand(header, Token) { InnerHandler = new CompletedHandler() }
        );

        var floor = Allocated(byHand);
        var measured = Allocated(ours);

        Assert.Equal(floor, measured);
    }

    [Fact]
    public void A_query_parameter_costs_one_string_and_one_URI()
    {
        var options = new TokenHandlerOptions { AllowedHosts = { "voice.example.com" } };
        using var handler = new OAuthTokenQueryHandler(new FakeTokenProvider(Token[..64]), options)
        {
            InnerHandler = new CompletedHandler(),
        };
        using var ours = new HttpMessageInvoker(handler);
        using var byHand = new HttpMessageInvoker(
            new HeaderByHand("Authorization", Token) { InnerHandler = new CompletedHandler() }
        );

        var extra = (Allocated(ours) - Allocated(byHand)) / Sends;

        Assert.InRange(extra, 1, 840);
    }

    private static long Allocated(HttpMessageInvoker invoker)
    {
        Send(invoker, Sends);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(invoker, Sends);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Send(HttpMessageInvoker invoker, int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(
                invoker.SendAsync(new(HttpMethod.Get, Service), CancellationToken.None).IsCompletedSuccessfully
            );
    }

    private sealed class CompletedHandler : HttpMessageHandler
    {
        private static readonly Task<HttpResponseMessage> Answer = Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK)
        );

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => Answer;
    }

    private sealed class HeaderByHand(string name, string value) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            request.Headers.TryAddWithoutValidation(name, value);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
