using System.Net;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "59")]
public sealed class GrpcStatusTests
{
    private const string Service = "http://localhost/asr.Recognizer/Recognize";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Providers { get; } = ["any", "VK", "Azure", "key"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Status_16_in_the_head_is_a_refusal_of_every_provider(string kind)
    {
        Assert.True(await IsRejectedAsync(kind, "16"));
        Assert.False(await IsRejectedAsync(kind, "0"));
        Assert.False(await IsRejectedAsync(kind, "7"));
        Assert.False(await IsRejectedAsync(kind, null));
    }

    [Theory]
    [InlineData("16", 2)]
    [InlineData("0", 1)]
    [InlineData("160", 1)]
    public async Task A_refused_call_is_sent_once_more(string status, int sent)
    {
        var primary = new StubPrimaryHandler(_ => Response(status));
        var provider = new FakeTokenProvider("t1", "t2");
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service)
        {
            Content = new StreamContent(new ScriptedStream("message")),
        };
        request.Content.Headers.ContentType = new("application/grpc");

        await client.SendAsync(request, Cancellation);

        Assert.Equal(sent, primary.Received.Count);
    }

    private static async Task<bool> IsRejectedAsync(string kind, string? status)
    {
        using var handler = new BearerTokenHandler(Provider(kind));
        using var response = Response(status);
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = new StringContent("message") };
        response.RequestMessage = request;
        return await handler.Credential!.Rejection.IsRejectedAsync(response, Cancellation);
    }

    private static ITokenProvider Provider(string kind) =>
        kind switch
        {
            "VK" => new VkCloudTokenProvider(new() { ClientId = "client", ClientSecret = "secret" }),
            "Azure" => new AzureSpeechTokenProvider(new() { Region = "westeurope", SubscriptionKey = "key" }),
            "key" => new SubscriptionKeyProvider("k1"),
            _ => new FakeTokenProvider("t1"),
        };

    private static HttpResponseMessage Response(string? status)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK);
        if (status is not null)
            response.Headers.TryAddWithoutValidation("grpc-status", status);

        return response;
    }
}
