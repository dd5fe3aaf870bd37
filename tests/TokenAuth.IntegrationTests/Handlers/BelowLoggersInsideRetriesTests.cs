using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth.IntegrationTests.Handlers;

public sealed class BelowLoggersInsideRetriesTests
{
    private const string Secret = "secret-credential";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Failure", "28")]
    [InlineData("Bearer", true)]
    [InlineData("Key", true)]
    [InlineData("Query", true)]
    [InlineData("Bearer", false)]
    [InlineData("Key", false)]
    [InlineData("Query", false)]
    public async Task Each_attempt_of_a_retry_gets_a_token_that_is_good_then(string kind, bool retryIsAddedFirst)
    {
        await using var api = new RawOrigin();
        var attempts = 0;
        api.Answer = _ => RawOrigin.Reply(++attempts < 3 ? 503 : 200);
        var services = new ServiceCollection();
        services.AddTokenAuth().AddProvider("mine", _ => new NewTokenEachTime());
        var client = services.AddHttpClient("api");
        if (retryIsAddedFirst)
            client.AddHttpMessageHandler(() => new RetryingHandler());
        Place(client, kind);
        if (!retryIsAddedFirst)
            client.AddHttpMessageHandler(() => new RetryingHandler());
        await using var provider = services.BuildServiceProvider();

        using var response = await provider
            .GetRequiredService<IHttpClientFactory>()
            .CreateClient("api")
            .PostAsync(new Uri(api.Address, "?a=b"), new StringContent("{}"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["token-1", "token-2", "token-3"], api.Received.Select(request => Credential(request, kind)));
    }

    [Theory]
    [Trait("Failure", "46")]
    [InlineData("Bearer", true)]
    [InlineData("Key", true)]
    [InlineData("Query", true)]
    [InlineData("Bearer", false)]
    [InlineData("Key", false)]
    [InlineData("Query", false)]
    public async Task No_logger_sees_a_credential_wherever_it_is_registered(string kind, bool loggersAreAddedFirst)
    {
        await using var api = new RawOrigin();
        var attempts = 0;
        api.Answer = _ => RawOrigin.Reply(attempts++ == 0 ? 401 : 200);
        var logs = new RecordedLogs();
        var own = new ConcurrentQueue<string>();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddTokenAuth().AddProvider("mine", _ => new FakeTokenProvider(Secret + "-1", Secret + "-2"));
        var client = services.AddHttpClient("api");
        if (loggersAreAddedFirst)
            AddLoggers(client, own);
        Place(client, kind);
        if (!loggersAreAddedFirst)
            AddLoggers(client, own);
        await using var provider = services.BuildServiceProvider();

        using var response = await provider
            .GetRequiredService<IHttpClientFactory>()
            .CreateClient("api")
            .PostAsync(new Uri(api.Address, "?a=b"), new StringContent("{}"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([Secret + "-1", Secret + "-2"], api.Received.Select(request => Credential(request, kind)));
        Assert.Contains(own, line => line.StartsWith("own logger", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("Sending HTTP request", StringComparison.Ordinal));
        Assert.Contains(logs.Values, value => value.StartsWith("HttpMethod=", StringComparison.Ordinal));
        Assert.All(
            [.. logs.Lines, .. logs.Values, .. own],
            text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal)
        );
    }

    private static void AddLoggers(IHttpClientBuilder client, ConcurrentQueue<string> logs) =>
        client
            .RedactLoggedHeaders(_ => false)
            .AddHttpMessageHandler(() => Logging(logs))
            .AddLogger(_ => new OwnHttpLogger(logs.Enqueue), wrapHandlersPipeline: false);

    /// <summary>Writes down all there is to know of a request, before and after.</summary>
    private static ApplicationHandler Logging(ConcurrentQueue<string> logs) =>
        new()
        {
            Forward = async (request, forward) =>
            {
                logs.Enqueue($"own logger: {request}");
                var response = await forward(request);
                logs.Enqueue($"own logger: {response} to {response.RequestMessage}");

                return response;
            },
        };

    private static string Credential(RawRequest request, string kind) =>
        kind switch
        {
            "Bearer" => request.Values("Authorization").Single()["Bearer ".Length..],
            "Key" => request.Values("Ocp-Apim-Subscription-Key").Single(),
            _ => request.Target.Split("oauth_token=") is [_, var token]
                ? token
                : throw new FormatException(request.Target),
        };

    private static void Place(IHttpClientBuilder client, string kind)
    {
        _ = kind switch
        {
            "Bearer" => client.AddBearerToken("mine"),
            "Key" => client.AddSubscriptionKey("mine"),
            _ => client.AddOAuthTokenQuery("mine"),
        };
    }

    private sealed class NewTokenEachTime : ITokenProvider
    {
        private int _number;

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            new(new AccessToken($"token-{++_number}"));

        public void Invalidate(AccessToken rejected) { }
    }

    private sealed class OwnHttpLogger(Action<string> write) : Microsoft.Extensions.Http.Logging.IHttpClientLogger
    {
        public object? LogRequestStart(HttpRequestMessage request)
        {
            write($"own logger: {request}");
            return null;
        }

        public void LogRequestStop(
            object? context,
            HttpRequestMessage request,
            HttpResponseMessage response,
            TimeSpan elapsed
        ) => write($"own logger: {request} {response.RequestMessage}");

        public void LogRequestFailed(
            object? context,
            HttpRequestMessage request,
            HttpResponseMessage? response,
            Exception exception,
            TimeSpan elapsed
        ) => write($"own logger: {request} {exception}");
    }
}
