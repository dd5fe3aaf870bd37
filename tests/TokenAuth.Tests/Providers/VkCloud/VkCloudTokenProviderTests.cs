using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using RichardSzalay.MockHttp;
using TokenAuth.Testing;
using TokenAuth.Tests.Lifetime;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.VkCloud;

public sealed class VkCloudTokenProviderTests : IDisposable
{
    private const string Granted =
        """{"refresh_token":"refresh-1","access_token":"access-1","expired_in":"3600","scope":{"tts":1,"asr_short":1}}""";

    private const string Renewed =
        """{"refresh_token":"refresh-1","access_token":"access-2","expired_in":"3600","scope":{"tts":1,"asr_short":1}}""";

    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedEndpoint _endpoint;
    private readonly RecordedLogs _logs = new();
    private readonly VkCloudOptions _options = new()
    {
        ClientId = "mcs1.voice.2",
        ClientSecret = "the-client's-secret",
        ProviderName = "vk",
    };

    private VkCloudTokenProvider? _provider;

    public VkCloudTokenProviderTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private VkCloudTokenProvider Provider =>
        _provider ??= new VkCloudTokenProvider(_options, _endpoint.Client, _time, store: null, _logs);

    private IEnumerable<string> Grants =>
        _endpoint.Requests.Select(request => (string)JsonNode.Parse(request.Body)!["grant_type"]!);

    public void Dispose()
    {
        _provider?.Dispose();
        _endpoint.Dispose();
    }

    [Fact]
    public async Task The_first_grant_is_the_documented_request()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(Granted));

        await GetAsync();

        AssertDocumented(
            """{"client_id":"mcs1.voice.2","client_secret":"the-client's-secret","grant_type":"client_credentials"}""",
            Assert.Single(_endpoint.Requests)
        );
    }

    [Fact]
    public async Task A_renewal_is_the_documented_request_and_has_no_secret()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(Granted), () => ScriptedEndpoint.Json(Renewed));
        await GetAsync();
        _time.Advance(TimeSpan.FromMinutes(59.5));

        var renewed = await GetAsync();

        Assert.Equal("access-2", renewed.Value);
        AssertDocumented(
            """{"client_id":"mcs1.voice.2","refresh_token":"refresh-1","grant_type":"refresh_token"}""",
            _endpoint.Requests[1]
        );
    }

    [Fact]
    public async Task The_documented_exchange_gives_a_token()
    {
        using var wire = new MockHttpMessageHandler();
        wire.Expect(HttpMethod.Post, "https://mcs.mail.ru/auth/oauth/v1/token")
            .WithHeaders("Content-Type", "application/json")
            .Respond("application/json", Granted);
        using var provider = new VkCloudTokenProvider(_options, wire.ToHttpClient(), _time);

        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal("access-1", token.Value);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(1), token.ExpiresAt);
        wire.VerifyNoOutstandingExpectation();
    }

    [Fact]
    public async Task A_configured_refresh_token_goes_before_the_secret()
    {
        _options.RefreshToken = "refresh-0";
        _endpoint.Answers(() => ScriptedEndpoint.Json(Granted));

        await GetAsync();

        AssertDocumented(
            """{"client_id":"mcs1.voice.2","refresh_token":"refresh-0","grant_type":"refresh_token"}""",
            Assert.Single(_endpoint.Requests)
        );
    }

    [Theory]
    [Trait("Failure", "29")]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_refused_refresh_token_gives_way_to_exactly_one_client_credentials(int status)
    {
        _options.RefreshToken = "refresh-0";
        _endpoint.Answers(
            () => ScriptedEndpoint.Reply((HttpStatusCode)status, """{"error":"invalid_grant"}"""),
            () => ScriptedEndpoint.Json(Granted)
        );

        var token = await GetAsync();

        Assert.Equal("access-1", token.Value);
        Assert.Equal(["refresh_token", "client_credentials"], Grants);
        Assert.Contains(
            $"Warning 10: VK Cloud refused a refresh token of provider 'vk' ({status}); another one or the client's secret is tried next, where there is one.",
            _logs.Lines
        );
    }

    [Theory]
    [Trait("Failure", "29")]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_refresh_token_refused_later_does_too_and_the_new_one_renews_from_then_on(int status)
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Json(Granted),
            () => ScriptedEndpoint.Reply((HttpStatusCode)status),
            () =>
                ScriptedEndpoint.Json(
                    """{"refresh_token":"refresh-9","access_token":"access-9","expired_in":"3600"}"""
                ),
            () =>
                ScriptedEndpoint.Json(
                    """{"refresh_token":"refresh-9","access_token":"access-10","expired_in":"3600"}"""
                )
        );
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));

        var token = await GetAsync();

        Assert.Equal("access-10", token.Value);
        Assert.Equal(["client_credentials", "refresh_token", "client_credentials", "refresh_token"], Grants);
        Assert.Contains("refresh-9", _endpoint.Requests[3].Body);
    }

    [Theory]
    [Trait("Failure", "30")]
    [InlineData("404", 1)]
    [InlineData("408", 3)]
    [InlineData("429", 3)]
    [InlineData("500", 3)]
    [InlineData("502", 3)]
    [InlineData("503", 3)]
    [InlineData("silence", 2)]
    [InlineData("broken", 2)]
    [InlineData("refused connection", 3)]
    [InlineData("200 garbage", 1)]
    public async Task A_passing_failure_keeps_the_refresh_token_and_spends_no_new_one(string failure, int attempts)
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Json(Granted),
            () => ScriptedEndpoint.Json(Renewed.Replace("refresh-1", "refresh-2"))
        );
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));
        _endpoint.Answer = (_, cancel) => Failing(failure, cancel);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.True(error.IsTransient);
        Assert.Equal(2 + attempts, _endpoint.Requests.Count);
        Assert.Equal("client_credentials", Assert.Single(Grants, grant => grant != "refresh_token"));

        _endpoint.Answers(() => ScriptedEndpoint.Json(Renewed.Replace("access-2", "access-3")));
        Assert.Equal("access-3", (await GetAsync()).Value);
        Assert.Contains("refresh-2", _endpoint.Requests[^1].Body);
    }

    [Theory]
    [Trait("Failure", "30")]
    [InlineData("503", 3)]
    [InlineData("silence", 1)] // a grant may have been spent
    [InlineData("broken", 1)]
    [InlineData("refused connection", 3)]
    [InlineData("404", 1)]
    [InlineData("401", 1)]
    [InlineData("400", 1)]
    [InlineData("403", 1)]
    [InlineData("302", 1)]
    public async Task The_first_grant_is_tried_as_often(string failure, int attempts)
    {
        _endpoint.Answer = (_, cancel) => Failing(failure, cancel);

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(attempts, _endpoint.Requests.Count);
    }

    // Each of them may have spent one of the 25 refresh tokens.
    [Theory]
    [Trait("Failure", "3")]
    [InlineData("broken")]
    [InlineData("silence")]
    public async Task A_first_grant_whose_answer_is_lost_is_not_asked_for_again_within_a_minute(string lost)
    {
        _endpoint.Answer = (_, cancel) => Failing(lost, cancel);
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        AssertPaced(error);
        Assert.EndsWith(
            "VK Cloud may have granted the last request, but its response did not arrive, so the pauses grow to 15 minutes.",
            error.Message
        );
        Assert.Single(_endpoint.Requests);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        Assert.Equal(2, _endpoint.Requests.Count);
    }

    [Fact]
    [Trait("Failure", "2")]
    [Trait("Failure", "33")]
    public async Task A_first_grant_that_a_slow_refusal_leaves_no_time_for_is_not_asked_for_again_within_a_minute()
    {
        _options.RefreshToken = "refresh-0";
        var slow = 0;
        _endpoint.Answer = async (n, cancel) =>
        {
            if (n == 2)
            {
                await Passes(TimeSpan.FromSeconds(4.9), cancel);
                return ScriptedEndpoint.Reply(HttpStatusCode.BadRequest);
            }

            slow++;
            return await ScriptedEndpoint.Silence(cancel);
        };
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        _endpoint.Answer = (_, cancel) => Failing("400", cancel);
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        AssertPaced(await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync));

        Assert.Equal(2, slow);
        Assert.Single(Grants, grant => grant == "client_credentials");
    }

    [Theory]
    [Trait("Failure", "1")]
    [InlineData("503")]
    [InlineData("refused connection")]
    public async Task A_first_grant_that_was_certainly_not_given_is_asked_for_again(string failure)
    {
        _endpoint.Answer = (_, cancel) => Failing(failure, cancel);
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        _time.Advance(TimeSpan.FromSeconds(2)); // longer than the back-off

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(3 * 3, _endpoint.Requests.Count);
    }

    [Theory]
    [Trait("Failure", "31")]
    [Trait("Bug", "8")]
    [InlineData("")]
    [InlineData("\"refresh_token\":null,")]
    [InlineData("\"refresh_token\":\"\",")]
    [InlineData("\"refresh_token\":42,")]
    public async Task A_reply_without_a_refresh_token_keeps_the_old_one(string member)
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Json(Granted),
            () => ScriptedEndpoint.Json(Renewed.Replace("refresh-1", "refresh-2")),
            () => ScriptedEndpoint.Json($$"""{{{member}}"access_token":"access-3","expired_in":"3600"}"""),
            () => ScriptedEndpoint.Json($$"""{{{member}}"access_token":"access-4","expired_in":"3600"}""")
        );
        for (var hour = 0; hour < 4; hour++)
        {
            await GetAsync();
            _time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Contains("refresh-2", _endpoint.Requests[3].Body);
    }

    [Fact]
    [Trait("Failure", "31")]
    public async Task A_reply_with_a_new_refresh_token_replaces_the_old_one()
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Json(Granted),
            () =>
                ScriptedEndpoint.Json(
                    """{"refresh_token":"refresh-2","access_token":"access-2","expired_in":"3600"}"""
                ),
            () =>
                ScriptedEndpoint.Json("""{"refresh_token":"refresh-3","access_token":"access-3","expired_in":"3600"}""")
        );
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));

        await GetAsync();

        Assert.Contains("refresh-2", _endpoint.Requests[2].Body);
    }

    [Fact]
    [Trait("Failure", "32")]
    public async Task Without_a_store_one_warning_names_the_limit()
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Json(Granted),
            () => ScriptedEndpoint.Reply(HttpStatusCode.BadRequest),
            () => ScriptedEndpoint.Json(Granted.Replace("access-1", "access-2"))
        );

        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await GetAsync();

        Assert.Equal(
            [
                "Warning 12: Provider 'vk' obtained one of the project's 25 refresh tokens and has no token store: every restart costs another one, and "
                    + "VK Cloud cannot restore them. Configure a store, for example UseFileStore or UsePostgresStore.",
                "Warning 10: VK Cloud refused a refresh token of provider 'vk' (400); another one or the client's secret is tried next, where there is one.",
            ],
            _logs.Warnings
        );
        Assert.Contains("Information 11: Provider 'vk' obtained one of the project's 25 refresh tokens.", _logs.Lines);
    }

    [Theory]
    [Trait("Failure", "33")]
    [InlineData(400, """{"error":"invalid_client","message":"bad the-client's-secret"}""", "400 invalid_client")]
    [InlineData(401, """{"error":"invalid_client"}""", "401 invalid_client")]
    [InlineData(403, """{"status":403,"body":"limit"}""", "403")]
    [InlineData(401, "Unauthorized", "401")]
    [InlineData(401, "", "401")]
    [InlineData(401, """{"error":"the-client's-secret"}""", "401")]
    public async Task A_refused_client_names_the_cause_and_both_remedies(int status, string body, string shown)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            $"VK Cloud refused the client credentials of provider 'vk' ({shown}). Check ClientId and ClientSecret. If they are right, the project's 25 refresh "
                + "tokens may be used up: reuse one by setting RefreshToken, or use a service token, and keep grants in a token store.",
            error.Message
        );
        Assert.False(error.IsTransient);
        Assert.Equal(status, (int)error.StatusCode!);
        Assert.Equal("vk", error.ProviderName);
        Assert.Equal(shown.Contains(' ') ? "invalid_client" : null, error.ErrorCode);
        Assert.Null(error.RetryAfter);
    }

    [Fact]
    [Trait("Failure", "33")]
    public async Task A_refused_client_is_asked_once_a_minute_and_callers_keep_hearing_the_cause()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}"""));
        var first = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        for (var second = 0; second < 59; second++)
        {
            var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
            Assert.Equal(first.Message, error.Message);
            Assert.False(error.IsTransient);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Single(_endpoint.Requests);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        Assert.Equal(2, _endpoint.Requests.Count);
    }

    [Fact]
    [Trait("Failure", "33")]
    public async Task An_evicted_refresh_token_is_replaced_once_a_minute()
    {
        var grant = 0;
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                _endpoint.Requests[n - 1].Body.Contains("refresh_token\"", StringComparison.Ordinal)
                    ? ScriptedEndpoint.Reply(HttpStatusCode.BadRequest)
                    : ScriptedEndpoint.Json(Granted.Replace("access-1", $"access-{++grant}"))
            );
        Provider.Invalidate(await GetAsync());

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync); // refused, and the first grant is fresh

        Assert.True(error.IsTransient);
        Assert.Equal(
            "Provider 'vk' asks VK Cloud for a new grant at most once a minute, because each one costs one of the project's 25 refresh tokens; the next request "
                + "is possible when RetryAfter has passed.",
            error.Message
        );
        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, 59, 60);
        Assert.Equal(1, grant);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("access-2", (await GetAsync()).Value);
        Assert.Equal(2, grant);
    }

    [Theory]
    [Trait("Failure", "5")]
    [InlineData("<html><body>It works!</body></html>", "answered with something that is not JSON")]
    [InlineData("", "answered with something that is not JSON")]
    [InlineData("null", "answered with JSON that is no object")]
    [InlineData("[]", "answered with JSON that is no object")]
    [InlineData("{}", "answered without an access token")]
    [InlineData("""{"access_token":""}""", "answered without an access token")]
    [InlineData("""{"access_token":null}""", "answered without an access token")]
    [InlineData("""{"access_token":42}""", "answered without an access token")]
    [InlineData("""{"access_token":"\ud800"}""", "answered without an access token")]
    [InlineData("""{"error":"no-token"}""", "answered without an access token")] // bug 3: no error is a token
    public async Task Garbage_is_an_invalid_response_and_a_minute_later_it_is_tried_again(string body, string fault)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(body), () => ScriptedEndpoint.Json(Granted));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            $"VK Cloud's token endpoint gave provider 'vk' an invalid response: it {fault}. Check VkCloudOptions.TokenEndpoint.",
            error.Message
        );
        Assert.True(error.IsTransient);
        Assert.Equal(HttpStatusCode.OK, error.StatusCode);
        Assert.Single(_endpoint.Requests);
        _time.Advance(TimeSpan.FromMinutes(1)); // a grant may have been spent
        Assert.Equal("access-1", (await GetAsync()).Value);
    }

    [Fact]
    [Trait("Failure", "5")]
    public async Task No_content_is_an_invalid_response()
    {
        _endpoint.Answers(() => new HttpResponseMessage(HttpStatusCode.NoContent));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.True(error.IsTransient);
        Assert.Equal(HttpStatusCode.NoContent, error.StatusCode);
    }

    [Theory]
    [Trait("Failure", "6")]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("expired_in")]
    [InlineData("expires_in")]
    [InlineData("scope")]
    public async Task A_repeated_known_member_is_refused(string member)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json($$"""{"access_token":"a","{{member}}":"b","{{member}}":"c"}"""));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            $"VK Cloud's token endpoint gave provider 'vk' an invalid response: it answered with the member '{member}' twice. Check VkCloudOptions.TokenEndpoint.",
            error.Message
        );
    }

    [Theory]
    [Trait("Failure", "9")]
    [InlineData(
        "answered with an access token that has the character U+000D at position 1; only U+0021 to U+007E are allowed",
        "a\\r\\nHost: evil"
    )]
    [InlineData(
        "answered with an access token that has white space around it (a line break from a file or a copy?); remove it",
        "secret\\n"
    )]
    [InlineData(
        "answered with an access token that has the character U+0000 at position 6; only U+0021 to U+007E are allowed",
        "secret\\u0000"
    )]
    [InlineData(
        "answered with an access token that has the character U+0020 at position 1; only U+0021 to U+007E are allowed",
        "a b"
    )]
    [InlineData(
        "answered with an access token that has the character U+00E9 at position 0; only U+0021 to U+007E are allowed",
        "é"
    )]
    public async Task A_token_outside_the_grammar_is_refused_on_arrival(string fault, string value)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json($$"""{"access_token":"{{value}}","refresh_token":"good"}"""));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            $"VK Cloud's token endpoint gave provider 'vk' an invalid response: it {fault}. Check VkCloudOptions.TokenEndpoint.",
            error.Message
        );
    }

    [Theory]
    [Trait("Failure", "9")]
    [InlineData(16_384, true)]
    [InlineData(16_385, false)]
    public async Task A_token_has_at_most_16384_characters(int length, bool isTaken)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json($$"""{"access_token":"{{new string('a', length)}}"}"""));

        if (isTaken)
            Assert.Equal(length, (await GetAsync()).Value.Length);
        else
            await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
    }

    [Theory]
    [Trait("Failure", "8")]
    [Trait("Bug", "7")]
    [Trait("Bug", "11")]
    [InlineData("\"expired_in\":\"3600\"", 3600)]
    [InlineData("\"expired_in\":3600", 3600)]
    [InlineData("\"expired_in\":3600.0", 3600)]
    [InlineData("\"expired_in\":3.6e3", 3600)]
    [InlineData("\"expires_in\":1800", 1800)]
    [InlineData("\"expires_in\":\"1800\"", 1800)]
    [InlineData("\"expired_in\":\"3600\",\"expires_in\":1800", 3600)]
    [InlineData("\"expired_in\":\"abc\"", 2700)]
    [InlineData("\"expired_in\":\"\"", 2700)]
    [InlineData("\"expired_in\":null", 2700)]
    [InlineData("\"scope\":{}", 2700)]
    [InlineData("\"expired_in\":0", 2700)]
    [InlineData("\"expired_in\":\"0\"", 2700)]
    [InlineData("\"expired_in\":-1", 2700)]
    [InlineData("\"expired_in\":\"NaN\"", 2700)]
    [InlineData("\"expired_in\":0.5", 2700)]
    [InlineData("\"expired_in\":1", 1)]
    [InlineData("\"expired_in\":1e308", 86400)]
    [InlineData("\"expired_in\":1e309", 86400)]
    [InlineData("\"expired_in\":86400", 86400)]
    [InlineData("\"expired_in\":86401", 86400)]
    [InlineData("\"expired_in\":9223372036854775807", 86400)]
    [InlineData("\"expired_in\":true", 2700)]
    [InlineData("\"expired_in\":{}", 2700)]
    [InlineData("\"expires\":3600", 2700)]
    public async Task A_lifetime_is_used_or_assumed_and_at_most_a_day(string member, int seconds)
    {
        _options.AssumedLifetime = TimeSpan.FromMinutes(45);
        _endpoint.Answers(() => ScriptedEndpoint.Json($$"""{"access_token":"a",{{member}}}"""));

        var token = await GetAsync();

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(seconds), token.ExpiresAt);
    }

    [Theory]
    [Trait("Failure", "7")]
    [InlineData("application/json; charset=utf-16", "utf-16")]
    [InlineData("application/json", "utf-8")]
    [InlineData("text/html; charset=\"utf-8\"", "utf-8")] // a JSON body under another name is still one
    [InlineData("application/json; charset=windows-1251", "utf-8")] // JSON is UTF-8, whatever is said
    [InlineData("application/json; charset=utf-16", "utf-8")]
    [InlineData("application/json; charset=nonsense", "utf-8")]
    [InlineData("no type", "utf-8")]
    public async Task A_grant_in_another_encoding_is_a_grant(string type, string encoding)
    {
        _endpoint.Answers(() => Encoded(type, encoding));

        Assert.Equal("access-1", (await GetAsync()).Value);
    }

    [Theory]
    [Trait("Failure", "7")]
    [InlineData("application/json; charset=utf-8", "utf-16BE", "answered with something that is not JSON")]
    [InlineData("application/json; charset=windows-1251", "utf-16", "answered with something that is not JSON")]
    [InlineData("application/json", "utf-16", "answered with something that is not JSON")] // without its mark
    public async Task A_grant_in_an_unknown_encoding_is_an_invalid_response(string type, string encoding, string fault)
    {
        _endpoint.Answers(() => Encoded(type, encoding));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            $"VK Cloud's token endpoint gave provider 'vk' an invalid response: it {fault}. Check VkCloudOptions.TokenEndpoint.",
            error.Message
        );
        Assert.True(error.IsTransient);
    }

    [Fact]
    [Trait("Failure", "3")]
    [Trait("Failure", "7")]
    public async Task A_grant_that_cannot_be_read_may_have_been_spent_and_the_next_one_waits_a_minute()
    {
        _endpoint.Answers(() => Encoded("application/json", "utf-16"), () => ScriptedEndpoint.Json(Granted));
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        AssertPaced(await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync));
        Assert.Single(_endpoint.Requests);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("access-1", (await GetAsync()).Value);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(307)]
    [InlineData(399)]
    public async Task A_redirect_is_an_error_and_is_not_followed(int status)
    {
        _endpoint.Answers(() =>
        {
            var reply = ScriptedEndpoint.Reply((HttpStatusCode)status);
            reply.Headers.Location = new Uri("https://elsewhere.example/");
            return reply;
        });

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            $"VK Cloud's token endpoint redirects provider 'vk' elsewhere ({status}), where the secret must not go. Check VkCloudOptions.TokenEndpoint.",
            error.Message
        );
        Assert.False(error.IsTransient);
        Assert.Single(_endpoint.Requests);
    }

    [Fact]
    public async Task Without_a_secret_a_stored_token_serves_whoever_has_the_same_refresh_token()
    {
        var store = new ScriptedStore();
        _endpoint.Answers(() => ScriptedEndpoint.Json(Granted), () => ScriptedEndpoint.Json(Renewed));

        Assert.Equal("access-1", await GetAsync("refresh-0"));
        Assert.Equal("access-1", await GetAsync("refresh-0"));
        Assert.Equal("access-2", await GetAsync("another"));

        Assert.DoesNotContain("another", store.Record!.SecretDigest);

        async Task<string> GetAsync(string refreshToken)
        {
            (_options.ClientSecret, _options.RefreshToken) = (null, refreshToken);
            using var provider = new VkCloudTokenProvider(_options, _endpoint.Client, _time, store);

            return (await provider.GetTokenAsync(Cancel)).Value;
        }
    }

    [Theory]
    [Trait("Failure", "29")]
    [InlineData("""{"error":"invalid_grant"}""", "invalid_grant")]
    [InlineData("""{"error":"unauthorized_client"}""", "unauthorized_client")]
    [InlineData("", "invalid_grant")]
    [InlineData("Bad Request", "invalid_grant")]
    public async Task Without_a_secret_a_refused_refresh_token_asks_for_re_authentication(string body, string code)
    {
        (_options.ClientSecret, _options.RefreshToken) = (null, "refresh-0");
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.BadRequest, body));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "Provider 'vk' must be authenticated again: VK Cloud refused its refresh token and no ClientSecret is set. Set VkCloudOptions.ClientSecret, or a new "
                + "VkCloudOptions.RefreshToken.",
            error.Message
        );
        Assert.False(error.IsTransient);
        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.Equal(code, error.ErrorCode);
        Assert.Equal(["refresh_token"], Grants);
    }

    [Fact]
    [Trait("Failure", "46")]
    public async Task An_echoed_refresh_token_does_not_reach_the_message()
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Json(Granted.Replace("refresh-1", "vMA3Pjyno6tvCdo8MeDQ8xYT-and-more")),
            () => ScriptedEndpoint.Reply(HttpStatusCode.ServiceUnavailable, """{"error":"vMA3Pjyno6tvCdo8MeDQ8xYT"}""")
        );
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "VK Cloud's token endpoint failed for provider 'vk' (503). The next call tries again.",
            error.Message
        );
        Assert.Null(error.ErrorCode);
    }

    [Fact]
    [Trait("Failure", "34")]
    public async Task An_endpoint_that_asks_for_time_is_left_alone_and_nobody_sleeps()
    {
        _endpoint.Answers(
            () =>
            {
                var reply = ScriptedEndpoint.Reply((HttpStatusCode)429);
                reply.Headers.TryAddWithoutValidation("Retry-After", "120");
                return reply;
            },
            () => ScriptedEndpoint.Json(Granted)
        );

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        Assert.Equal(TimeSpan.FromMinutes(2), error.RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.True(Provider.GetTokenAsync(Cancel).IsFaulted);
        Assert.Single(_endpoint.Requests);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("access-1", (await GetAsync()).Value);
    }

    [Fact]
    public async Task The_options_are_read_once()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(Granted));
        _ = Provider;
        _options.ClientSecret = "changed";
        _options.TokenEndpoint = new Uri("http://elsewhere.example/");

        await GetAsync();

        Assert.Contains("the-client", _endpoint.Requests[0].Body);
        Assert.Equal("https://mcs.mail.ru/auth/oauth/v1/token", _endpoint.Requests[0].Address);
    }

    [Fact]
    [Trait("Failure", "1")]
    public async Task An_endpoint_that_cannot_be_reached_is_named()
    {
        _endpoint.Answer = (_, _) => throw new HttpRequestException();

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "VK Cloud's token endpoint https://mcs.mail.ru/auth/oauth/v1/token of provider 'vk' cannot be reached. Check the network, the proxy "
                + "and the firewall.",
            error.Message
        );
    }

    [Fact]
    public async Task Two_clients_do_not_share_a_stored_grant_and_two_providers_of_one_do()
    {
        var store = new ScriptedStore();
        _endpoint.Answers(() => ScriptedEndpoint.Json(Granted));

        foreach (var client in new[] { "voice", "vision", "voice" })
        {
            _options.ClientId = client;
            using var provider = new VkCloudTokenProvider(_options, _endpoint.Client, _time, store);
            await provider.GetTokenAsync(Cancel);
        }

        Assert.Equal(2, store.Keys.Distinct().Count());
        Assert.Contains(TokenStoreKey.For("VkCloud", _options.TokenEndpoint, "voice"), store.Keys);
    }

    [Fact]
    [Trait("Failure", "36")]
    public async Task With_a_secret_a_stored_token_serves_whoever_has_the_same_secret()
    {
        var store = new ScriptedStore();
        _endpoint.Answers(() => ScriptedEndpoint.Json(Granted));

        foreach (var refreshToken in new[] { "refresh-a", "refresh-b" })
        {
            _options.RefreshToken = refreshToken;
            using var provider = new VkCloudTokenProvider(_options, _endpoint.Client, _time, store);
            Assert.Equal("access-1", (await provider.GetTokenAsync(Cancel)).Value);
        }

        Assert.Single(_endpoint.Requests);
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

    [Fact]
    public void The_presets_are_the_documented_hosts() =>
        Assert.Equal(["voice.mcs.mail.ru", "smarty.mail.ru"], Provider.AllowedHosts);

    private Task<AccessToken> GetAsync() =>
        _time.AdvanceUntilAsync(Provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(100), 200);

    private static void AssertPaced(TokenAcquisitionException error)
    {
        Assert.True(error.IsTransient);
        Assert.StartsWith(
            "Provider 'vk' asks VK Cloud for a new grant at most once a minute, because each one costs one of the project's 25 refresh tokens;",
            error.Message
        );
    }

    private static void AssertDocumented(string json, WireRequest request)
    {
        Assert.Equal("POST", request.Method);
        Assert.Equal("https://mcs.mail.ru/auth/oauth/v1/token", request.Address);
        Assert.Equal(["Content-Length", "Content-Type"], request.Headers.Keys.Order());
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(request.Body)), request.Body);
    }

    private static Task<HttpResponseMessage> Failing(string failure, CancellationToken cancellationToken) =>
        failure switch
        {
            "silence" => ScriptedEndpoint.Silence(cancellationToken),
            "broken" => throw new HttpRequestException("reset", new IOException()),
            "refused connection" => throw new HttpRequestException(
                "refused",
                new SocketException((int)SocketError.ConnectionRefused)
            ),
            "200 garbage" => Task.FromResult(ScriptedEndpoint.Json("<html>")),
            _ => Task.FromResult(
                ScriptedEndpoint.Reply(
                    (HttpStatusCode)int.Parse(failure, System.Globalization.CultureInfo.InvariantCulture)
                )
            ),
        };

    private async Task Passes(TimeSpan time, CancellationToken cancellationToken)
    {
        var passed = new TaskCompletionSource();
        await using var timer = _time.CreateTimer(_ => passed.TrySetResult(), null, time, Timeout.InfiniteTimeSpan);
        await passed.Task.WaitAsync(cancellationToken);
    }

    private static HttpResponseMessage Encoded(string type, string encoding)
    {
        var content = new ByteArrayContent(System.Text.Encoding.GetEncoding(encoding).GetBytes(Granted));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        return new HttpResponseMessage { Content = content };
    }
}
