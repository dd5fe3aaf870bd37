using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RichardSzalay.MockHttp;
using TokenAuth.Testing;
using TokenAuth.Tests.Lifetime;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechTokenProviderTests : IDisposable
{
    private const string Address = "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken";

    private const string KeyRefused =
        "{\"error\":{\"code\":\"401\",\"message\":\"Access denied due to invalid subscription key or wrong API endpoint.\"}}";

    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedEndpoint _endpoint;
    private readonly RecordedLogs _logs = new();
    private readonly AzureSpeechOptions _options = new()
    {
        Region = "westeurope",
        SubscriptionKey = "key-one",
        ProviderName = "speech",
    };

    private AzureSpeechTokenProvider? _provider;

    public AzureSpeechTokenProviderTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AzureSpeechTokenProvider Provider =>
        _provider ??= new AzureSpeechTokenProvider(_options, _endpoint.Client, _time, store: null, _logs);

    private IEnumerable<string> Keys =>
        _endpoint.Requests.Select(request => request.Headers["Ocp-Apim-Subscription-Key"]);

    public void Dispose()
    {
        _provider?.Dispose();
        _endpoint.Dispose();
    }

    [Theory]
    [InlineData("westeurope", null, "westeurope", null)]
    [InlineData(null, "https://eastus.api.cognitive.microsoft.com/sts/v1.0/issueToken", "eastus", null)]
    [InlineData(
        "westeurope",
        "https://contoso.cognitiveservices.azure.com/sts/v1.0/issueToken?scope=x",
        "westeurope",
        "https://contoso.cognitiveservices.azure.com/"
    )]
    [InlineData(null, "https://gateway.example.com/speech", null, null)]
    public void It_says_which_resource_its_tokens_are_for(
        string? region,
        string? tokenEndpoint,
        string? expectedRegion,
        string? expectedEndpoint
    )
    {
        _options.Region = region;
        _options.TokenEndpoint = tokenEndpoint is null ? null : new Uri(tokenEndpoint);

        IAzureSpeechResource resource = Provider;

        Assert.Equal((expectedRegion, expectedEndpoint), (resource.Region, resource.Endpoint?.AbsoluteUri));
        Assert.True(resource.GrantsServiceTokens);
    }

    // MapSpeechToken asks it: such a token also reads and deletes a resource's transcriptions.
    [Fact]
    public void Tokens_that_manage_the_resource_are_not_for_a_browser()
    {
        _options.Scope = "speechservicesmanagement";

        Assert.False(((IAzureSpeechResource)Provider).GrantsServiceTokens);
        Assert.False(new AzureSpeechAudience(_options, isOfKeys: false).GrantsServiceTokens);
    }

    [Fact]
    public async Task The_request_is_the_documented_one()
    {
        _endpoint.Answers(Issued);

        await GetAsync();

        var request = Assert.Single(_endpoint.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal(Address, request.Address);
        Assert.Equal("", request.Body);
        Assert.Equal(
            [
                "Content-Length: 0",
                "Content-Type: application/x-www-form-urlencoded",
                "Ocp-Apim-Subscription-Key: key-one",
            ],
            request.Headers.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_documented_exchange_gives_a_token()
    {
        var jwt = Jwt.ThatExpires(_time.GetUtcNow() + TimeSpan.FromMinutes(10));
        using var wire = new MockHttpMessageHandler();
        wire.Expect(HttpMethod.Post, Address)
            .WithHeaders("Ocp-Apim-Subscription-Key", "key-one")
            .Respond("text/plain", jwt);
        using var provider = new AzureSpeechTokenProvider(_options, wire.ToHttpClient(), _time);

        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal(jwt, token.Value);
        wire.VerifyNoOutstandingExpectation();
    }

    [Theory]
    [InlineData("https://mine.cognitiveservices.azure.com/sts/v1.0/issueToken")]
    [InlineData("https://westeurope.stt.speech.microsoft.com/v1.0/issueToken")]
    [InlineData("https://usgovarizona.api.cognitive.microsoft.us/sts/v1.0/issueToken")]
    public async Task An_explicit_endpoint_wins_over_the_region(string endpoint)
    {
        _options.TokenEndpoint = new Uri(endpoint);
        _endpoint.Answers(Issued);

        await GetAsync();

        Assert.Equal(endpoint, Assert.Single(_endpoint.Requests).Address);
    }

    [Theory]
    [InlineData("number")]
    [InlineData("string")]
    [InlineData("absent")]
    public async Task A_token_lives_ten_minutes_and_is_handed_out_for_nine(string exp)
    {
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                ScriptedEndpoint.Text(
                    exp switch
                    {
                        "number" => Jwt.ThatExpires(Now(10), n),
                        "string" => Jwt.With(
                            FormattableString.Invariant($$"""{"exp":"{{Now(10).ToUnixTimeSeconds()}}","n":{{n}}}""")
                        ),
                        _ => Jwt.With(FormattableString.Invariant($$"""{"n":{{n}}}""")),
                    }
                )
            );
        var started = _time.GetUtcNow();

        var first = await GetAsync();

        Assert.Equal(started + TimeSpan.FromMinutes(10), first.ExpiresAt);
        _endpoint.Answer = (_, cancel) => ScriptedEndpoint.Silence(cancel);
        _time.Advance(TimeSpan.FromMinutes(9) - TimeSpan.FromTicks(1));
        Assert.Same(first, await Provider.GetTokenAsync(Cancel));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(Provider.GetTokenAsync(Cancel).IsCompleted); // waits for a new one
    }

    [Theory]
    [InlineData(2, 0, 90)] // exp less 30 s
    [InlineData(5, 0, 270)]
    [InlineData(9, 30, 540)]
    [InlineData(10, 0, 540)]
    [InlineData(60, 0, 540)] // no longer than documented
    public async Task A_token_is_not_handed_out_within_30_seconds_of_its_own_expiry(
        int minutes,
        int seconds,
        int reusedFor
    )
    {
        var exp = Now(minutes) + TimeSpan.FromSeconds(seconds);
        _endpoint.Answers(() => ScriptedEndpoint.Text(Jwt.ThatExpires(exp)));

        var token = await GetAsync();

        Assert.Equal(exp < Now(10) ? exp : Now(10), token.ExpiresAt);
        _endpoint.Answer = (_, cancel) => ScriptedEndpoint.Silence(cancel);
        _time.Advance(TimeSpan.FromSeconds(reusedFor) - TimeSpan.FromTicks(1));
        Assert.True(Provider.GetTokenAsync(Cancel).IsCompletedSuccessfully);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(Provider.GetTokenAsync(Cancel).IsCompleted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    public async Task A_shorter_reuse_time_is_kept(int minutes)
    {
        _options.ReuseFor = TimeSpan.FromMinutes(minutes);
        _endpoint.Answers(() => ScriptedEndpoint.Text(Jwt.ThatExpires(Now(10))));
        await GetAsync();
        _endpoint.Answer = (_, cancel) => ScriptedEndpoint.Silence(cancel);
        var reuse = minutes == 10 ? TimeSpan.FromSeconds(570) : TimeSpan.FromMinutes(minutes);

        _time.Advance(reuse - TimeSpan.FromTicks(1));
        Assert.True(Provider.GetTokenAsync(Cancel).IsCompletedSuccessfully);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(Provider.GetTokenAsync(Cancel).IsCompleted);
    }

    [Theory]
    [Trait("Failure", "50")]
    [InlineData("absent")]
    [InlineData("past")]
    public async Task A_shorter_reuse_time_is_kept_whatever_the_token_says(string exp)
    {
        _options.ReuseFor = TimeSpan.FromMinutes(5);
        _endpoint.Answers(() => ScriptedEndpoint.Text(exp == "absent" ? Jwt.With("{}") : Jwt.ThatExpires(Now(-5))));
        await GetAsync();
        _endpoint.Answer = (_, cancel) => ScriptedEndpoint.Silence(cancel);

        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.True(Provider.GetTokenAsync(Cancel).IsCompletedSuccessfully);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(Provider.GetTokenAsync(Cancel).IsCompleted);
    }

    [Fact]
    public async Task The_last_30_seconds_are_those_of_the_token_also_when_it_came_at_the_second_attempt()
    {
        var expires = Now(8);
        _endpoint.Answer = (n, cancel) =>
            n == 1
                ? ScriptedEndpoint.Silence(cancel)
                : Task.FromResult(ScriptedEndpoint.Text(Jwt.ThatExpires(expires)));
        await GetAsync();
        _endpoint.Answer = (_, cancel) => ScriptedEndpoint.Silence(cancel);

        _time.Advance(expires - TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1) - _time.GetUtcNow());
        Assert.True(Provider.GetTokenAsync(Cancel).IsCompletedSuccessfully);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(Provider.GetTokenAsync(Cancel).IsCompleted);
    }

    // Our clock is ahead (+) or behind (−) of Azure's, whose tokens say when they expire by Azure's.
    [Theory]
    [Trait("Failure", "50")]
    [Trait("Bug", "4")]
    [InlineData("00:05:00", 14, 14)] // exp 5 minutes away is believed: 4:30 a token, an hour has 14
    [InlineData("00:09:45", 7, 7)]
    [InlineData("00:10:00", 7, 7)]
    [InlineData("03:00:00", 7, 7)]
    [InlineData("-00:05:00", 7, 7)]
    [InlineData("-00:09:45", 7, 7)]
    [InlineData("-00:10:00", 7, 7)]
    [InlineData("-03:00:00", 7, 7)]
    public async Task A_wrong_local_clock_costs_one_call_a_token_life_and_one_warning(string ahead, int from, int to)
    {
        var difference = TimeSpan.Parse(ahead, CultureInfo.InvariantCulture);
        _endpoint.Answer = (n, _) => Task.FromResult(ScriptedEndpoint.Text(Jwt.ThatExpires(Now(10) - difference, n)));

        for (var second = 0; second < 3600; second += 10)
        {
            var token = await GetAsync();
            Assert.True(token.ExpiresAt > _time.GetUtcNow());
            while (((IRenewingProvider)Provider).Engine!.IsRenewing)
                await Task.Yield();
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.InRange(_endpoint.Requests.Count, from, to * 10 / 7); // early renewals begin at 70 % of the reuse time
        var warning = Assert.Single(_logs.Messages(16));
        Assert.StartsWith(
            "The local clock is wrong, or Azure Speech's: a token of provider 'speech' that should expire at 2026-01-01T00:10:00",
            warning
        );
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData("-01:00:00")]
    [InlineData("-00:02:00")]
    [InlineData("00:02:00")]
    [InlineData("01:00:00")]
    public async Task A_wall_clock_that_is_set_during_the_request_costs_one_more_call_at_most(string jump)
    {
        _endpoint.Answer = (n, _) =>
        {
            if (n == 1)
            {
                _time.JumpWallClock(TimeSpan.Parse(jump, CultureInfo.InvariantCulture));
                return Task.FromResult(ScriptedEndpoint.Reply(HttpStatusCode.ServiceUnavailable));
            }

            return Task.FromResult(ScriptedEndpoint.Text(Jwt.ThatExpires(Now(10) - TimeSpan.FromSeconds(1), n)));
        };

        AccessToken token;
        try
        {
            token = await GetAsync();
        }
        catch (TokenAcquisitionException failure) when (failure.IsTransient)
        {
            token = await GetAsync();
        }

        Assert.True(token.ExpiresAt > _time.GetUtcNow());
        Assert.InRange(_endpoint.Requests.Count, 2, 3);
    }

    [Theory]
    [Trait("Failure", "50")]
    [InlineData(59, false)]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public async Task Up_to_a_minute_of_difference_is_not_warned_of(int seconds, bool isWarnedOf)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Text(Jwt.ThatExpires(Now(10) - TimeSpan.FromSeconds(seconds))));

        await GetAsync();

        Assert.Equal(isWarnedOf, _logs.Warnings.Any());
    }

    [Fact]
    [Trait("Failure", "35")]
    [Trait("Failure", "50")]
    public async Task A_logger_that_throws_costs_no_token()
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answers(
            () => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, KeyRefused),
            () => ScriptedEndpoint.Text(Jwt.ThatExpires(Now(10) - TimeSpan.FromHours(3)))
        );
        _provider = new AzureSpeechTokenProvider(
            _options,
            _endpoint.Client,
            _time,
            loggerFactory: new ThrowingLoggers()
        );

        await GetAsync();

        Assert.Equal(["key-one", "key-two"], Keys);
    }

    [Fact]
    [Trait("Failure", "35")]
    public async Task A_refused_key_gives_way_to_the_other_which_is_remembered()
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, KeyRefused), Issued);

        await GetAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        await GetAsync();

        Assert.Equal(["key-one", "key-two", "key-two"], Keys);
        Assert.Equal(
            [
                "Warning 15: Azure Speech refused a subscription key of provider 'speech' (401); the other key is used from now on. Was the first one regenerated?",
            ],
            _logs.Warnings
        );
    }

    [Fact]
    [Trait("Failure", "35")]
    public async Task The_other_way_round_it_is_the_same()
    {
        _options.SecondaryKey = "key-two";
        var refused = "key-one";
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                _endpoint.Requests[n - 1].Headers["Ocp-Apim-Subscription-Key"] == refused
                    ? ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, KeyRefused)
                    : Issued()
            );
        await GetAsync();
        refused = "key-two";
        _time.Advance(TimeSpan.FromMinutes(10));

        await GetAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        await GetAsync();

        Assert.Equal(["key-one", "key-two", "key-two", "key-one", "key-one"], Keys);
    }

    [Theory]
    [Trait("Failure", "35")]
    [InlineData("500", 3)]
    [InlineData("503", 3)]
    [InlineData("429", 3)]
    [InlineData("408", 3)]
    [InlineData("silence", 3)]
    [InlineData("broken", 3)]
    [InlineData("refused connection", 3)]
    [InlineData("200 garbage", 1)]
    [InlineData("404", 1)]
    [InlineData("411", 1)]
    public async Task A_failing_endpoint_does_not_switch_keys(string failure, int attempts)
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answer = (_, cancel) =>
            failure switch
            {
                "silence" => ScriptedEndpoint.Silence(cancel),
                "broken" => throw new HttpRequestException("reset", new IOException()),
                "refused connection" => throw new HttpRequestException(
                    "refused",
                    new SocketException((int)SocketError.ConnectionRefused)
                ),
                "200 garbage" => Task.FromResult(ScriptedEndpoint.Text("<html>")),
                _ => Task.FromResult(
                    ScriptedEndpoint.Reply((HttpStatusCode)int.Parse(failure, CultureInfo.InvariantCulture))
                ),
            };

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        _endpoint.Answers(Issued);
        _time.Advance(TimeSpan.FromMinutes(1));
        await GetAsync();

        Assert.Equal(Enumerable.Repeat("key-one", attempts + 1), Keys);
    }

    [Fact]
    [Trait("Failure", "35")]
    public async Task Two_refused_keys_name_key_and_region()
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, KeyRefused));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "Azure Speech refused both subscription keys of provider 'speech' at westeurope.api.cognitive.microsoft.com (401). The response is the "
                + "same for three causes. A wrong key: check SubscriptionKey and SecondaryKey. A wrong region or cloud: check that Region, Endpoint or TokenEndpoint is that of the keys' "
                + "resource. Keys that are switched off for the resource: allow key access again (disableLocalAuth), or use Microsoft Entra.",
            error.Message
        );
        Assert.Equal(["key-one", "key-two"], Keys);
        Assert.False(error.IsTransient);
        Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
        Assert.Equal("401", error.ErrorCode);
        Assert.Equal("speech", error.ProviderName);
    }

    [Fact]
    [Trait("Failure", "35")]
    public async Task After_two_refused_keys_the_first_one_is_the_first_again()
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, KeyRefused));
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(["key-one", "key-two", "key-one", "key-two"], Keys);
    }

    [Theory]
    [Trait("Failure", "35")]
    [InlineData(401, KeyRefused, "401")]
    [InlineData(401, "{ \"statusCode\": 401, \"message\": \"Access denied.\" }", "401")]
    [InlineData(401, "{\"error\":{\"code\":401001,\"message\":\"…\"}}", "401")]
    [InlineData(401, "{\"error\":{\"code\":\"KeyDisabled\",\"message\":\"…\"}}", "401 KeyDisabled")]
    [InlineData(401, "{\"error\":\"key-one\"}", "401")]
    public async Task A_refused_key_without_another_names_key_and_region(int status, string body, string shown)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            $"Azure Speech refused the subscription key of provider 'speech' at westeurope.api.cognitive.microsoft.com ({shown}). The response is the "
                + "same for three causes. A wrong key: check SubscriptionKey. A wrong region or cloud: check that Region, Endpoint or TokenEndpoint is that of the key's resource. Keys that "
                + "are switched off for the resource: allow key access again (disableLocalAuth), or use Microsoft Entra.",
            error.Message
        );
        Assert.Single(_endpoint.Requests);
        Assert.False(error.IsTransient);
    }

    [Fact]
    [Trait("Failure", "35")]
    public async Task After_both_keys_were_refused_the_first_one_goes_first_again()
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, KeyRefused));

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(["key-one", "key-two", "key-one", "key-two"], Keys);
    }

    [Fact]
    [Trait("Failure", "35")]
    public async Task The_same_key_twice_is_one_key()
    {
        _options.SecondaryKey = "key-one";
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized));

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Single(_endpoint.Requests);
    }

    [Theory]
    [InlineData(
        404,
        false,
        "does not serve provider 'speech' (404). Check AzureSpeechOptions.Region and AzureSpeechOptions.TokenEndpoint."
    )]
    [InlineData(
        411,
        false,
        "does not serve provider 'speech' (411). Check AzureSpeechOptions.Region and AzureSpeechOptions.TokenEndpoint."
    )]
    [InlineData(
        302,
        false,
        "does not serve provider 'speech' (302). Check AzureSpeechOptions.Region and AzureSpeechOptions.TokenEndpoint."
    )]
    [InlineData(503, true, "failed for provider 'speech' (503). The next call tries again.")]
    public async Task Other_failures_say_what_to_check(int status, bool isTransient, string rest)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, "<html>"));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal("Azure Speech's token endpoint westeurope.api.cognitive.microsoft.com " + rest, error.Message);
        Assert.Equal(isTransient, error.IsTransient);
    }

    [Theory]
    [InlineData(404, "does not serve provider 'speech' (404). Check AzureSpeechOptions.Endpoint.")]
    [InlineData(
        200,
        "gave provider 'speech' an invalid response: it answered with something that is not a JWT. Check AzureSpeechOptions.Endpoint."
    )]
    public async Task With_an_endpoint_that_is_what_to_check(int status, string rest)
    {
        _options.Endpoint = new Uri("https://mine.cognitiveservices.azure.com/");
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, "no"));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal("Azure Speech's token endpoint mine.cognitiveservices.azure.com " + rest, error.Message);
    }

    [Theory]
    [Trait("Failure", "5")]
    [Trait("Bug", "3")]
    [InlineData("")]
    [InlineData("{\"error\":{\"code\":\"401\"}}")]
    [InlineData("\"a.b.c\"")]
    public async Task Garbage_is_never_a_token(string body)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Text(body), Issued);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.StartsWith(
            "Azure Speech's token endpoint westeurope.api.cognitive.microsoft.com gave provider 'speech' an invalid response: it answered with ",
            error.Message
        );
        Assert.EndsWith(". Check AzureSpeechOptions.Region.", error.Message);
        Assert.True(error.IsTransient);
        await GetAsync(); // the next call tries at once
    }

    [Fact]
    [Trait("Failure", "5")]
    [Trait("Failure", "65")]
    public async Task A_sign_in_page_inside_a_success_is_said_to_be_one()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Text("<html><p>Sign in</p></html>"), Issued);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "A page came back in place of Azure Speech's response to provider 'speech' (200), as a firewall or a proxy sends it. Check that requests to "
                + "westeurope.api.cognitive.microsoft.com may pass. The next call tries again.",
            error.Message
        );
        Assert.True(error.IsTransient);
        await GetAsync(); // the next call tries at once
    }

    [Fact]
    [Trait("Failure", "35")]
    public async Task The_keys_memory_is_one_for_tokens_and_for_the_key_itself()
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answers(Issued);
        var key = ((ISubscriptionKeySource)Provider).SubscriptionKey;
        key.Invalidate(await key.GetTokenAsync(Cancel)); // a service refused the key

        await GetAsync();

        Assert.Equal(["key-two"], Keys);
        Assert.Equal("key-two", (await key.GetTokenAsync(Cancel)).Value);
    }

    [Theory]
    [Trait("Failure", "23")]
    [InlineData(200, false)]
    [InlineData(400, false)]
    [InlineData(401, true)]
    [InlineData(403, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    public async Task A_rejection_is_401(int status, bool isRejected) =>
        Assert.Equal(
            isRejected,
            await Provider.IsRejectedAsync(new HttpResponseMessage((HttpStatusCode)status), Cancel)
        );

    [Fact]
    [Trait("Failure", "4")]
    public async Task An_answer_that_is_too_long_is_said_to_be()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Text(new string('a', 64 * 1024 + 1)));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "Azure Speech's token endpoint westeurope.api.cognitive.microsoft.com gave provider 'speech' an invalid response: it answered with more "
                + "than 64 KiB. Check AzureSpeechOptions.Region.",
            error.Message
        );
    }

    [Fact]
    [Trait("Failure", "1")]
    public async Task An_endpoint_that_cannot_be_reached_is_named()
    {
        _endpoint.Answer = (_, _) => throw new HttpRequestException();

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            $"Azure Speech's token endpoint {Address} of provider 'speech' cannot be reached. Check the network, the proxy and the firewall.",
            error.Message
        );
    }

    [Fact]
    public async Task Two_resources_do_not_share_a_stored_token_and_two_providers_of_one_do()
    {
        var store = new ScriptedStore();
        _endpoint.Answers(Issued);

        foreach (var key in new[] { "key-one", "key-two", "key-one" })
        {
            _options.SubscriptionKey = key;
            using var provider = new AzureSpeechTokenProvider(_options, _endpoint.Client, _time, store);
            await provider.GetTokenAsync(Cancel);
        }

        Assert.Equal(2, store.Keys.Distinct().Count());
        Assert.Contains(TokenStoreKey.For("AzureSpeech", new Uri(Address), SecretDigest.Of("key-one")!), store.Keys);
    }

    [Theory]
    [Trait("Failure", "18")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposed_it_hands_out_nothing(bool asynchronously)
    {
        if (asynchronously)
            await Provider.DisposeAsync();
        else
            Provider.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Provider.GetTokenAsync(Cancel));
    }

    private HttpResponseMessage Issued() => ScriptedEndpoint.Text(Jwt.ThatExpires(Now(10), _endpoint.Requests.Count));

    private DateTimeOffset Now(int plusMinutes) => _time.GetUtcNow() + TimeSpan.FromMinutes(plusMinutes);

    private Task<AccessToken> GetAsync() =>
        _time.AdvanceUntilAsync(Provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(100), 200);
}
