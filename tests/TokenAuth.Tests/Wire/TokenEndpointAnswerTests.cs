using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Wire;

public sealed class TokenEndpointAnswerTests : IDisposable
{
    private const string Who = "Example's token endpoint https://tokens.example/v1/token of provider 'mine' ";
    private static readonly Uri _address = new("https://tokens.example/v1/token");

    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedEndpoint _endpoint;

    public TokenEndpointAnswerTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _endpoint.Dispose();

    [Theory]
    [InlineData(400, "invalid_grant")]
    [InlineData(200, null)] // a success has none
    public async Task An_error_code_is_read_from_a_failure(int status, string? code)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, "{\"error\":\"invalid_grant\"}"));

        var reply = await SendAsync();

        Assert.Equal(code, reply.ErrorCode);
        Assert.NotNull(reply.Text);
        Assert.Null(reply.TextError);
    }

    [Theory]
    [Trait("Failure", "4")]
    [InlineData(200)]
    [InlineData(401)]
    public async Task An_answer_that_is_too_long_keeps_its_status(int status)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, new string(' ', (64 * 1024) + 1)));

        var reply = await SendAsync();

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Null(reply.Text);
        Assert.Equal("answered with more than 64 KiB", reply.TextError);
        Assert.Null(reply.ErrorCode);
    }

    [Theory]
    [Trait("Failure", "7")]
    [InlineData(200)]
    [InlineData(401)]
    public async Task An_answer_that_cannot_be_decoded_keeps_its_status(int status)
    {
        _endpoint.Answers(() =>
            new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent([0xC0, 0x80]) }
        );

        var reply = await SendAsync();

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Null(reply.Text);
        Assert.Equal("answered in an encoding that cannot be read", reply.TextError);
        Assert.Null(reply.ErrorCode);
    }

    [Fact]
    [Trait("Failure", "62")]
    public async Task A_proxy_that_asks_for_credentials_is_not_the_endpoint()
    {
        _endpoint.Answers(() => new((HttpStatusCode)407) { Content = new StringContent("<html>Sign in</html>") });

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        Assert.Equal(
            Who
                + "cannot be reached: the proxy asks for credentials (407). Write them into the proxy's address (HTTPS_PROXY), or set Proxy.Credentials or DefaultProxyCredentials of the "
                + "primary handler (ConfigureTokenClient).",
            failure.Message
        );
        Assert.Equal("urn:tokenauth:proxy-refused", failure.HelpLink);
        Assert.Equal(HttpStatusCode.ProxyAuthenticationRequired, failure.StatusCode);
        Assert.True(failure.IsTransient);
        Assert.Single(_endpoint.Requests);
    }

#if !NETSTANDARD_ASSEMBLY
    [Theory]
    [Trait("Failure", "1")]
    [InlineData(
        HttpRequestError.NameResolutionError,
        "has no address: its name cannot be resolved. Check TokenAuth:mine:Address, and DNS."
    )]
    [InlineData(HttpRequestError.ConnectionError, "cannot be reached. Check the network, the proxy and the firewall.")]
    [InlineData(
        HttpRequestError.ProxyTunnelError,
        "cannot be reached through the proxy. Check the proxy's settings and rules, and whether it asks for credentials."
    )]
    [InlineData(
        HttpRequestError.SecureConnectionError,
        "cannot be trusted: the TLS handshake failed. Check the clock, the proxy and the certificate authorities."
    )]
    [InlineData(
        HttpRequestError.ResponseEnded,
        "broke off its answer. Check the network and the state of the service."
    )]
    public async Task What_was_wrong_with_the_connection_is_said(HttpRequestError error, string fault)
    {
        _endpoint.Answer = (_, _) => throw new HttpRequestException(error, "secret-detail");

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        Assert.Equal(Who + fault, failure.Message);
        Assert.True(failure.IsTransient);
        Assert.Equal(3, _endpoint.Requests.Count);
    }
#endif

    // A machine that slept during the first attempt: its timers come late.
    [Fact]
    [Trait("Failure", "2")]
    public async Task A_first_attempt_that_used_the_time_of_all_is_the_last()
    {
        _endpoint.Answer = (_, _) =>
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            throw new HttpRequestException("refused");
        };

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(SendAsync);

        Assert.Single(_endpoint.Requests);
        Assert.Equal(
            Who
                + "did not answer in time: 5 seconds an attempt, 15 in all. Check the network and the state of the service.",
            failure.Message
        );
    }

    // Where a read cannot be cancelled, its stream is disposed.
    [Fact]
    [Trait("Failure", "11")]
    public async Task A_read_that_ends_with_its_stream_is_the_callers_cancellation()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _endpoint.Answers(() => new() { Content = new StreamContent(new ScriptedStream([], DisposedWhenCancelled)) });
        var sending = Client().SendAsync(Call(), caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(_endpoint.Requests);
    }

    [Fact]
    [Trait("Failure", "2")]
    public async Task A_read_that_ends_with_its_stream_after_five_seconds_is_a_time_out()
    {
        _endpoint.Answers(() => new() { Content = new StreamContent(new ScriptedStream([], DisposedWhenCancelled)) });

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() => SendAsync(repeatsWhenUncertain: 0));

        Assert.Single(_endpoint.Requests);
        Assert.StartsWith(Who + "did not answer in time", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<int> DisposedWhenCancelled(CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource();
        using var registration = cancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;

        throw new ObjectDisposedException("stream");
    }

    private Task<TokenEndpointResponse> SendAsync() => SendAsync(int.MaxValue);

    private Task<TokenEndpointResponse> SendAsync(int repeatsWhenUncertain) =>
        _time.AdvanceUntilAsync(
            Client().SendAsync(Call(repeatsWhenUncertain), Cancel),
            TimeSpan.FromMilliseconds(500),
            100
        );

    private TokenEndpointClient Client() => new(() => _endpoint.Client, _time);

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
