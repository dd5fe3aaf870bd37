using System.Net;

namespace TokenAuth.Tests.Handlers;

public sealed class WarmPathTests
{
    private const int Sends = 1_000;
    private static readonly Uri Service = new("https://voice.example.com/asr");
    private static readonly string Token = new('x', 1064);
    private static readonly Task<HttpResponseMessage> Answer = Task.FromResult(new HttpResponseMessage());

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
        handler.InnerHandler = Completed();
        using var ours = new HttpMessageInvoker(handler);
        using var byHand = new HttpMessageInvoker(new HeaderByHand(header, Token) { InnerHandler = Completed() });

        var floor = Allocated(byHand);
        var measured = Allocated(ours);

        Assert.Equal(floor, measured);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 840)]
    public void A_query_parameter_costs_one_string_and_one_URI_for_a_new_address(bool isNew, long limit)
    {
        var options = new TokenHandlerOptions { AllowedHosts = { "voice.example.com" } };
        using var handler = new OAuthTokenQueryHandler(new FakeTokenProvider(Token[..64]), options)
        {
            InnerHandler = Completed(),
        };
        using var ours = new HttpMessageInvoker(handler);
        using var bare = new HttpMessageInvoker(Completed());
        Func<int, Uri> address = isNew ? i => new Uri($"https://voice.example.com/?n={i % 10}") : _ => Service;

        var extra = (Allocated(ours, address) - Allocated(bare, address)) / Sends;

        // The handler looks at the request's headers, which makes their collection.
        Assert.InRange(extra - HeaderCollection(), isNew ? 1 : 0, limit);
    }

    [Theory]
    [InlineData("bytes")]
    [InlineData("string")]
    [InlineData("form")]
    [InlineData("seekable stream")]
#if !NETSTANDARD_ASSEMBLY // where the parts are enumerated
    [InlineData("multipart of those")]
#endif
    public void A_body_that_is_bytes_already_costs_nothing_more(string what)
    {
        var options = new TokenHandlerOptions { AllowedHosts = { "voice.example.com" } };
        using var handler = new BearerTokenHandler(new FakeTokenProvider(Token), options) { InnerHandler = Length() };
        using var ours = new HttpMessageInvoker(handler);
        using var byHand = new HttpMessageInvoker(new HeaderByHand("Authorization", Token) { InnerHandler = Length() });

        var floor = Allocated(byHand, content: () => Content(what));
        var measured = Allocated(ours, content: () => Content(what));

        Assert.Equal(floor, measured);
    }

    private static OpaqueHandler Completed() => new((_, _) => Answer);

    /// <summary>Asks for the body's length, as a handler that sends it does.</summary>
    private static OpaqueHandler Length() =>
        new(
            (request, _) =>
                request.Content!.Headers.ContentLength > 0 ? Answer : throw new InvalidOperationException("No length.")
        );

    private static HttpContent Content(string what) =>
        what switch
        {
            "bytes" => new ByteArrayContent([1]),
            "string" => new StringContent("body"),
            "form" => new FormUrlEncodedContent([new("a", "b")]),
            "seekable stream" => new StreamContent(new MemoryStream([1])),
            _ => new MultipartContent("mixed", "b")
            {
                new StringContent("body"),
                new StreamContent(new MemoryStream([1])),
            },
        };

    private static long HeaderCollection()
    {
        using var request = new HttpRequestMessage();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = request.Headers;
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long Allocated(
        HttpMessageInvoker invoker,
        Func<int, Uri>? address = null,
        Func<HttpContent>? content = null
    )
    {
        address ??= _ => Service;
        Send(invoker, address, content);

        // What the runtime adds now and then is not part of what each send costs.
        return Enumerable.Range(0, 5).Min(_ => OfOneSeries());

        long OfOneSeries()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Send(invoker, address, content);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void Send(HttpMessageInvoker invoker, Func<int, Uri> address, Func<HttpContent>? content)
    {
        for (var i = 0; i < Sends; i++)
            Assert.True(
                invoker
                    .SendAsync(new(HttpMethod.Get, address(i)) { Content = content?.Invoke() }, CancellationToken.None)
                    .IsCompletedSuccessfully
            );
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
