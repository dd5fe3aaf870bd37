using System.Net;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Handlers;

public sealed class ReplayTests
{
    private const string Service = "http://localhost/";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bearer", false)]
    [InlineData("Key", false)]
    [InlineData("Query", false)]
    [InlineData("Bearer", true)]
    [InlineData("Key", true)]
    [InlineData("Query", true)]
    public async Task A_second_attempt_that_fails_fails_the_request_and_leaves_no_credential(string kind, bool later)
    {
        var attempts = 0;
        var primary = new StubPrimaryHandler(_ =>
            ++attempts == 1 ? new(HttpStatusCode.Unauthorized) : throw new HttpRequestException("down")
        )
        {
            AnswersLater = later,
        };
        using var client = new HttpMessageInvoker(AnyHandler.Of(kind, new FakeTokenProvider("t1", "t2"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Cancellation));

        Assert.Equal(2, attempts);
        Assert.Equal(Service, request.RequestUri!.OriginalString);
        Assert.Empty(request.Headers);
    }

    [Theory]
    [Trait("Failure", "23")]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task A_copy_of_the_request_that_was_answered_elsewhere_is_not_renewed_or_sent_again(string kind)
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var primary = new StubPrimaryHandler(401, 200);
        var forwarding = new ApplicationHandler(primary)
        {
            Forward = (request, forward) => forward(new(request.Method, "http://elsewhere.example/")),
        };
        using var client = new HttpMessageInvoker(AnyHandler.Of(kind, provider, forwarding));

        var response = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(["http://elsewhere.example/"], primary.Received);
        Assert.Empty(provider.Refused);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "refused", "t1")]
    [InlineData(HttpStatusCode.OK, "accepted", "t1", "t2")]
    public async Task A_provider_that_cannot_invalidate_costs_the_caller_no_response(
        HttpStatusCode status,
        string body,
        params string[] tokens
    )
    {
        var provider = new FakeTokenProvider(tokens) { OnRefused = () => throw new NotSupportedException() };
        var primary = new StubPrimaryHandler(request =>
            request.Headers.Authorization!.Parameter == "t1"
                ? new(HttpStatusCode.Unauthorized) { Content = new StringContent("refused") }
                : new(HttpStatusCode.OK) { Content = new StringContent("accepted") }
        );
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        using var response = await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["t1"], provider.Refused);
    }

    [Fact]
    public async Task A_rule_that_fails_over_the_second_response_fails_the_request_and_leaves_no_response_behind()
    {
        var body = new ScriptedStream("accepted");
        var provider = new RuledProvider(
            new FakeTokenProvider("t1", "t2"),
            response =>
                response.StatusCode == HttpStatusCode.Unauthorized
                    ? new(true)
                    : new(Task.FromException<bool>(new FormatException()))
        );
        var primary = new StubPrimaryHandler(request =>
            request.Headers.Authorization!.Parameter == "t1"
                ? new(HttpStatusCode.Unauthorized)
                : new(HttpStatusCode.OK) { Content = new StreamContent(body) }
        );
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        await Assert.ThrowsAsync<FormatException>(() => client.SendAsync(new(HttpMethod.Get, Service), Cancellation));

        Assert.True(body.IsDisposed);
    }
}
