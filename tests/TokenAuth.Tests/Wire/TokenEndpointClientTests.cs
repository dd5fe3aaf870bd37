using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Wire;

public sealed class TokenEndpointClientTests : IDisposable
{
    private static readonly Uri _address = new("https://tokens.example/v1/token");
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedEndpoint _endpoint;

    public TokenEndpointClientTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _endpoint.Dispose();

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(411)]
    public async Task A_final_answer_is_not_asked_for_again(int status)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status));

        var reply = await SendAsync();

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Single(_endpoint.Requests);
    }

    [Theory]
    [Trait("Failure", "1")]
    [InlineData(408)]
    [InlineData(421)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task A_passing_failure_is_tried_three_times(int status)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status));

        var reply = await SendAsync();

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Equal(3, _endpoint.Requests.Count);
    }

    [Fact]
    [Trait("Failure", "1")]
    public async Task Attempts_are_about_200_and_400_milliseconds_apart_and_never_alike()
    {
        var pauses = new List<(double First, double Second)>();
        for (var series = 0; series < 10; series++)
        {
            using var endpoint = new ScriptedEndpoint(_time);
            endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.ServiceUnavailable));

            await _time.AdvanceUntilAsync(Client(endpoint).SendAsync(Call(), Cancel), TimeSpan.FromMilliseconds(10));

            var at = endpoint.Requests.Select(request => request.At).ToArray();
            pauses.Add(((at[1] - at[0]).TotalMilliseconds, (at[2] - at[1]).TotalMilliseconds));
        }

        Assert.All(pauses, pause => Assert.InRange(pause.First, 150, 260));
        Assert.All(pauses, pause => Assert.InRange(pause.Second, 300, 510));
        Assert.True(pauses.Distinct().Count() > 5, "The pauses are not jittered.");
    }

    [Fact]
    [Trait("Failure", "1")]
    public async Task A_connection_that_fails_three_times_is_a_passing_failure()
    {
        _endpoint.Answer = (_, _) => throw new HttpRequestException("secret-detail");

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        Assert.Equal(3, _endpoint.Requests.Count);
        Assert.True(failure.IsTransient);
        Assert.Equal("mine", failure.ProviderName);
        Assert.Null(failure.StatusCode);
        Assert.Null(failure.InnerException);
        Assert.Equal(
            "Example's token endpoint https://tokens.example/v1/token of provider 'mine' cannot be reached. Check the network, the proxy and the firewall.",
            failure.Message
        );
    }

    [Fact]
    [Trait("Failure", "2")]
    public async Task Each_attempt_ends_after_five_seconds_and_the_series_after_fifteen()
    {
        _endpoint.Answer = (_, cancel) => ScriptedEndpoint.Silence(cancel);
        var started = _time.GetUtcNow();

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        var at = _endpoint.Requests.Select(request => (request.At - started).TotalSeconds).ToArray();
        Assert.Equal(3, at.Length);
        Assert.InRange(at[1], 5.1, 5.5);
        Assert.InRange(at[2], 10.4, 11.1);
        Assert.InRange((_time.GetUtcNow() - started).TotalSeconds, 14.9, 15.2);
        Assert.True(failure.IsTransient);
        Assert.Equal(
            "Example's token endpoint https://tokens.example/v1/token of provider 'mine' did not answer in time: 5 seconds an attempt, 15 in all. "
                + "Check the network and the state of the service.",
            failure.Message
        );
    }

    [Fact]
    [Trait("Failure", "2")]
    public async Task A_body_that_never_ends_is_part_of_the_five_seconds()
    {
        _endpoint.Answers(() => Streamed(new ScriptedStream([], OneByteASecond)));
        var started = _time.GetUtcNow();

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        Assert.True(failure.IsTransient);
        Assert.Equal(3, _endpoint.Requests.Count);
        Assert.InRange((_time.GetUtcNow() - started).TotalSeconds, 14.9, 15.2);
    }

    [Fact]
    [Trait("Failure", "3")]
    public async Task A_broken_body_is_a_passing_failure()
    {
        _endpoint.Answers(() =>
            Streamed(new ScriptedStream(["{"u8.ToArray()], _ => throw new IOException("secret-detail")))
        );

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        Assert.Equal(3, _endpoint.Requests.Count);
        Assert.True(failure.IsTransient);
        Assert.Null(failure.InnerException);
        Assert.Equal(
            "Example's token endpoint https://tokens.example/v1/token of provider 'mine' broke off its answer. Check the network and the state of the service.",
            failure.Message
        );
    }

    [Theory]
    [Trait("Failure", "3")]
    [InlineData("silence", 0, 1, true)]
    [InlineData("broken", 0, 1, true)]
    [InlineData("503, silence", 0, 2, true)]
    [InlineData("503, broken", 0, 2, true)]
    [InlineData("refused connection, silence", 0, 2, true)]
    [InlineData("503", 0, 3, false)]
    [InlineData("200", 0, 1, false)]
    [InlineData("refused connection", 0, 3, false)]
    [InlineData("silence", 1, 2, true)]
    [InlineData("silence, 503", 1, 2, false)]
    [InlineData("silence, 200", 1, 2, false)]
    [InlineData("503, silence", 1, 3, true)]
    [InlineData("503, broken, 503", 1, 3, false)]
    public async Task Where_a_grant_may_have_been_spent_so_many_attempts_follow_and_the_failure_says_so(
        string answers,
        int repeats,
        int attempts,
        bool mayBeSpent
    )
    {
        var script = answers.Split([", "], StringSplitOptions.None);
        _endpoint.Answer = (n, cancel) =>
            script[Math.Min(n, script.Length) - 1] switch
            {
                "silence" => ScriptedEndpoint.Silence(cancel),
                "refused connection" => throw new HttpRequestException(
                    "refused",
                    new SocketException((int)SocketError.ConnectionRefused)
                ),
                "broken" => throw new HttpRequestException("reset", new IOException()),
                var status => Task.FromResult(
                    ScriptedEndpoint.Reply((HttpStatusCode)int.Parse(status, CultureInfo.InvariantCulture))
                ),
            };

        var saysSo = false;
        try
        {
            await SendAsync(repeats);
        }
        catch (TokenAcquisitionException failure)
        {
            Assert.True(failure.IsTransient);
            saysSo = failure.MayHaveBeenGranted;
        }

        Assert.Equal(attempts, _endpoint.Requests.Count);
        Assert.Equal(mayBeSpent, saysSo);
    }

    // Only who knows that no connection was made may send once more what the endpoint may have acted on.
    [Theory]
    [Trait("Failure", "3")]
    [InlineData("unknown", 2)]
    [InlineData("reset", 2)]
    [InlineData("refused", 3)]
    [InlineData("untrusted", 3)]
    public async Task An_exception_that_does_not_say_that_nothing_was_sent_is_uncertain(string kind, int attempts)
    {
        _endpoint.Answer = (_, _) =>
            throw kind switch
            {
                "unknown" => new HttpRequestException("what the application's handler makes"),
                "reset" => new HttpRequestException("", new SocketException((int)SocketError.ConnectionReset)),
                "refused" => new HttpRequestException("", new SocketException((int)SocketError.ConnectionRefused)),
                _ => new HttpRequestException("", new AuthenticationException()),
            };

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() => SendAsync(repeatsWhenUncertain: 1));

        Assert.Equal(attempts, _endpoint.Requests.Count);
        Assert.Equal(attempts == 2, failure.MayHaveBeenGranted);
    }

    [Fact]
    public async Task A_date_at_the_end_of_time_does_not_cost_the_response()
    {
        _endpoint.Answers(() =>
        {
            var response = ScriptedEndpoint.Json("{}");
            response.Headers.TryAddWithoutValidation("Date", "Fri, 31 Dec 9999 23:59:59 GMT");

            return response;
        });

        var response = await SendAsync();

        Assert.True(response.IsSuccess);
        Assert.True(response.ClockDifference < TimeSpan.FromDays(-365));
    }

#if NETSTANDARD_ASSEMBLY
    // What .NET Framework says.
    [Theory]
    [Trait("Failure", "1")]
    [InlineData(WebExceptionStatus.ConnectFailure, 3)]
    [InlineData(WebExceptionStatus.NameResolutionFailure, 3)]
    [InlineData(WebExceptionStatus.TrustFailure, 3)]
    [InlineData(WebExceptionStatus.ReceiveFailure, 2)]
    [InlineData(WebExceptionStatus.KeepAliveFailure, 2)]
    [InlineData(WebExceptionStatus.ConnectionClosed, 2)]
    public async Task A_connection_that_was_never_made_is_told_from_a_broken_one(
        WebExceptionStatus status,
        int attempts
    )
    {
        _endpoint.Answer = (_, _) => throw new HttpRequestException("", new WebException("", status));

        await Assert.ThrowsAsync<TokenAcquisitionException>(() => SendAsync(repeatsWhenUncertain: 1));

        Assert.Equal(attempts, _endpoint.Requests.Count);
    }
#endif

    [Fact]
    public async Task The_time_out_of_the_applications_own_client_is_a_passing_failure()
    {
        _endpoint.Answer = (_, _) => throw new TaskCanceledException("secret-detail", new TimeoutException());

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() => SendAsync(repeatsWhenUncertain: 1));

        Assert.True(failure.IsTransient);
        Assert.Equal(2, _endpoint.Requests.Count);
        Assert.DoesNotContain("secret-detail", failure.ToString());
        Assert.Equal(
            "Example's token endpoint https://tokens.example/v1/token of provider 'mine' did not answer within the HttpClient's own Timeout. "
                + "Check the network and the state of the service.",
            failure.Message
        );
    }

    [Fact]
    [Trait("Failure", "5")]
    public async Task A_body_that_cannot_be_decompressed_is_a_passing_failure()
    {
        _endpoint.Answers(() =>
            Streamed(new GZipStream(new MemoryStream("this is not gzip"u8.ToArray()), CompressionMode.Decompress))
        );

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        Assert.True(failure.IsTransient);
        Assert.Null(failure.InnerException);
    }

    [Theory]
    [Trait("Failure", "34")]
    [InlineData("1", 1, 1.2, 3)] // waits for it within the series
    [InlineData("6", 6, 6.2, 3)]
    [InlineData("16", 0, 0.1, 1)] // more than the series has: the series ends
    [InlineData("31536000", 0, 0.1, 1)]
    [InlineData("0", 1, 1.2, 3)]
    [InlineData("Thu, 01 Jan 2026 00:00:02 GMT", 2, 2.2, 3)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 1, 1.2, 3)]
    [InlineData("soon", 0.15, 0.4, 3)]
    public async Task Retry_After_sets_the_pause_or_ends_the_series(string value, double from, double to, int attempts)
    {
        _endpoint.Answers(() =>
        {
            var reply = ScriptedEndpoint.Reply((HttpStatusCode)429);
            reply.Headers.TryAddWithoutValidation("Retry-After", value);
            return reply;
        });
        var started = _time.GetUtcNow();

        await SendAsync();

        Assert.Equal(attempts, _endpoint.Requests.Count);
        var next = attempts > 1 ? _endpoint.Requests[1].At : _time.GetUtcNow();
        Assert.InRange((next - started).TotalSeconds, from, to);
    }

    [Fact]
    [Trait("Failure", "34")]
    public async Task Pauses_that_the_endpoint_asks_for_do_not_add_up_to_more_than_the_series()
    {
        _endpoint.Answers(() =>
        {
            var reply = ScriptedEndpoint.Reply(HttpStatusCode.ServiceUnavailable);
            reply.Headers.TryAddWithoutValidation("Retry-After", "8");
            return reply;
        });
        var started = _time.GetUtcNow();

        var reply = await SendAsync();

        Assert.Equal(2, _endpoint.Requests.Count); // 8 s and 8 s more are over 15
        Assert.Equal(TimeSpan.FromSeconds(8), reply.RetryAfter);
        Assert.InRange((_time.GetUtcNow() - started).TotalSeconds, 8, 8.2);
    }

    [Fact]
    [Trait("Failure", "26")]
    public async Task An_answer_from_another_address_is_a_permanent_error_that_does_not_repeat_that_address()
    {
        _endpoint.Answers(() =>
            new HttpResponseMessage
            {
                RequestMessage = new HttpRequestMessage(
                    HttpMethod.Get,
                    "https://user:pass@elsewhere.example:8443/login/echoed-secret?token=echoed-secret"
                ),
                Content = new StringContent("{}"),
            }
        );

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        Assert.Single(_endpoint.Requests);
        Assert.False(failure.IsTransient);
        Assert.Equal(
            "Example's token endpoint https://tokens.example/v1/token of provider 'mine' was answered by another address, https://elsewhere.example:8443: "
                + "the HttpClient follows redirects, which carries the secret away. Give it a handler with AllowAutoRedirect = false.",
            failure.Message
        );
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_its_own_cancellation()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _endpoint.Answer = (_, cancel) => ScriptedEndpoint.Silence(cancel);
        var sending = Client(_endpoint).SendAsync(Call(), caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    [Trait("Failure", "10")]
    public async Task A_wall_clock_that_is_set_back_does_not_prolong_an_attempt()
    {
        _endpoint.Answer = (_, cancel) => ScriptedEndpoint.Silence(cancel);
        var started = _time.GetTimestamp();
        var sending = Client(_endpoint).SendAsync(Call(), Cancel);

        _time.JumpWallClock(TimeSpan.FromHours(-1));
        await Assert.ThrowsAsync<TokenAcquisitionException>(() => _time.AdvanceUntilAsync(sending, _step, 200));

        Assert.InRange(_time.GetElapsedTime(started).TotalSeconds, 14.9, 15.2);
    }

    private static HttpResponseMessage Streamed(Stream body) => new() { Content = new StreamContent(body) };

    private async Task<int> OneByteASecond(CancellationToken cancellationToken)
    {
        var passed = new TaskCompletionSource();
        await using var timer = _time.CreateTimer(
            _ => passed.TrySetResult(),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan
        );
        await passed.Task.WaitAsync(cancellationToken);

        return 1;
    }

    private Task<TokenEndpointResponse> SendAsync() => SendAsync(int.MaxValue);

    private Task<TokenEndpointResponse> SendAsync(int repeatsWhenUncertain) =>
        _time.AdvanceUntilAsync(Client(_endpoint).SendAsync(Call(repeatsWhenUncertain), Cancel), _step, 200);

    private TokenEndpointClient Client(ScriptedEndpoint endpoint) => new(() => endpoint.Client, _time);

    private static TokenEndpointCall Call(int repeatsWhenUncertain = int.MaxValue) =>
        new()
        {
            Vendor = "Example",
            ProviderName = "mine",
            Endpoint = _address,
            Settings = "TokenAuth:mine:Address",
            CreateRequest = () => new HttpRequestMessage(HttpMethod.Post, _address),
            RepeatsWhenUncertain = repeatsWhenUncertain,
        };
}
