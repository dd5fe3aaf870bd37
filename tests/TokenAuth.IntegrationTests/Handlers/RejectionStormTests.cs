using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.IntegrationTests.Handlers;

[Trait("Failure", "21")]
public sealed class RejectionStormTests
{
    private const int Requests = 50;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("401")]
    [InlineData("400 with code 4048")]
    [InlineData("envelope in 200")]
    public async Task Fifty_requests_refused_at_once_make_one_renewal_and_fifty_successes(string refusal)
    {
        await using var tokens = new TokenOrigin();
        await using var api = new RawOrigin();
        var arrived = 0;
        var all = new TaskCompletionSource();
        api.AnswerLater = async request =>
        {
            if (!IsFirst(request))
                return RawOrigin.Json(200, """{"status":200}""");

            if (Interlocked.Increment(ref arrived) == Requests)
                all.SetResult();
            await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
            return Refusal(refusal);
        };
        await using var services = Services(tokens);
        using var client = Client(services, refusal == "envelope in 200" ? "vision" : "voice");
        await services.GetRequiredKeyedService<ITokenProvider>("vk").GetTokenAsync(Cancellation);

        var statuses = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => PostAsync(client, api.Address)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2 * Requests, api.Received.Count);
        Assert.Equal(Requests, api.Received.Count(IsFirst));
        Assert.Equal(2, tokens.Issued);
        Report.Line($"401 storm at once ({refusal}): {Requests} of {Requests} succeed, {tokens.Issued - 1} renewal.");
    }

    [Fact]
    public async Task Fifty_requests_refused_over_half_a_second_make_one_renewal_and_fifty_successes()
    {
        await using var tokens = new TokenOrigin();
        await using var api = new RawOrigin();
        var arrived = 0;
        var renewed = new TaskCompletionSource();
        api.AnswerLater = async request =>
        {
            if (!IsFirst(request))
            {
                renewed.TrySetResult();
                return RawOrigin.Json(200, """{"status":200}""");
            }

            // All refusals but one arrive after the token was renewed, some of them long after.
            if (Interlocked.Increment(ref arrived) != 5)
            {
                await renewed.Task.WaitAsync(TimeSpan.FromSeconds(30));
                await Task.Delay(Random.Shared.Next(100));
            }

            return RawOrigin.Reply(401);
        };
        await using var services = Services(tokens);
        using var client = Client(services);
        await services.GetRequiredKeyedService<ITokenProvider>("vk").GetTokenAsync(Cancellation);

        var sending = new List<Task<HttpStatusCode>>();
        for (var i = 0; i < Requests; i++)
        {
            sending.Add(PostAsync(client, api.Address));
            await Task.Delay(10, Cancellation);
        }
        var statuses = await Task.WhenAll(sending);

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(Requests, api.Received.Count(request => !IsFirst(request)));
        Assert.InRange(api.Received.Count(IsFirst), 5, Requests);
        Assert.Equal(2, tokens.Issued);
        Report.Line($"401 storm over 500 ms: {Requests} of {Requests} succeed, {tokens.Issued - 1} renewal.");
    }

    private static string Refusal(string refusal) =>
        refusal switch
        {
            "401" => RawOrigin.Reply(401),
            "envelope in 200" => RawOrigin.Json(200, """{"status":401,"body":"authorization failed"}"""),
            _ => RawOrigin.Json(400, """{"error":{"code":4048,"message":"invalid token"}}"""),
        };

    private static bool IsFirst(RawRequest request) => request.Head.Contains("token-1", StringComparison.Ordinal);

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, Uri api)
    {
        using var response = await client.PostAsync(api, new ByteArrayContent(new byte[1000]), Cancellation);
        return response.StatusCode;
    }

    private static ServiceProvider Services(TokenOrigin tokens)
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddVkCloud(
                "vk",
                o => (o.ClientId, o.ClientSecret, o.TokenEndpoint) = ("client", "secret", tokens.Address)
            );
        services.AddHttpClient("voice").AddBearerToken("vk");
        services.AddHttpClient("vision").AddOAuthTokenQuery("vk");
        return services.BuildServiceProvider();
    }

    private static HttpClient Client(ServiceProvider services, string name = "voice") =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
