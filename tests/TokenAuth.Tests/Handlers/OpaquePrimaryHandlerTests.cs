using System.Net;
using RichardSzalay.MockHttp;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Handlers;

/// <summary>Behind a primary handler that cannot be inspected an application must be able to see its requests heal.</summary>
[Trait("Failure", "56")]
public sealed class OpaquePrimaryHandlerTests
{
    private const string Service = "http://localhost/asr";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task A_refused_request_behind_MockHttp_is_sent_once_more_with_a_newer_token(string kind)
    {
        using var mock = new MockHttpMessageHandler();
        var received = new List<string>();
        mock.When("*")
            .Respond(request =>
            {
                received.Add($"{request.RequestUri} {request.Headers}");
                return new(received.Count == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
            });
        var provider = new FakeTokenProvider("t1", "t2");
        using var client = new HttpClient(AnyHandler.Of(kind, provider, mock));

        using var response = await client.PostAsync(new Uri(Service), new StringContent("body"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, received.Count);
        Assert.Contains("t2", received[1], StringComparison.Ordinal);
        Assert.Equal(["t1"], provider.Refused);
    }

    [Theory]
    [InlineData("Bearer", true)]
    [InlineData("Key", true)]
    [InlineData("Query", true)]
    [InlineData("Bearer", false)]
    [InlineData("Key", false)]
    [InlineData("Query", false)]
    public async Task An_answer_from_elsewhere_is_neither_renewed_nor_sent_again(string kind, bool onTheSameObject)
    {
        var sent = 0;
        var opaque = new OpaqueHandler(request =>
        {
            sent++;
            var elsewhere = new Uri("http://localhost/elsewhere");
            if (onTheSameObject)
                request.RequestUri = elsewhere;

            return new(HttpStatusCode.Unauthorized)
            {
                RequestMessage = onTheSameObject ? request : new(request.Method, elsewhere),
            };
        });
        var provider = new FakeTokenProvider("t1", "t2");
        using var client = new HttpMessageInvoker(AnyHandler.Of(kind, provider, opaque));

        using var response = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(1, sent);
        Assert.Empty(provider.Refused);
    }

    [Fact]
    public async Task An_answer_that_names_no_request_came_from_where_the_request_went()
    {
        var sent = 0;
        var opaque = new OpaqueHandler(_ => new(++sent == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK));
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), opaque));
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Visions_envelope_is_found_in_an_answer_that_names_no_request()
    {
        var sent = 0;
        var opaque = new OpaqueHandler(_ =>
            new(HttpStatusCode.OK)
            {
                Content = new StringContent(
                    ++sent == 1 ? """{"status":401,"body":"authorization failed"}""" : """{"status":200}""",
                    System.Text.Encoding.UTF8,
                    "application/json"
                ),
            }
        );
        var tokens = new FakeTokenProvider("t1", "t2");
        using var client = new HttpMessageInvoker(AnyHandler.Of("Query", new VkTokens(tokens), opaque));

        using var response = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal("""{"status":200}""", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["t1"], tokens.Refused);
        Assert.Null(response.RequestMessage);
    }

    [Fact]
    public async Task A_platforms_handler_that_takes_the_body_along_is_healed_too()
    {
        var bodies = new List<string>();
        var sent = 0;
        var opaque = new OpaqueHandler(request =>
        {
            using var body = new MemoryStream();
            request.Content!.CopyToAsync(body).GetAwaiter().GetResult();
            bodies.Add(System.Text.Encoding.UTF8.GetString(body.ToArray()));
            return new(++sent == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        });
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), opaque));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service)
        {
            Content = new StreamContent(new ScriptedStream("audio")),
        };

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["audio", "audio"], bodies);
    }

    private sealed class VkTokens(ITokenProvider tokens) : DelegatingTokenProvider(tokens)
    {
        public override ValueTask<bool> IsRejectedAsync(
            HttpResponseMessage response,
            CancellationToken cancellationToken
        ) => VkCloudRejection.IsRejectedAsync(response, cancellationToken);
    }
}
