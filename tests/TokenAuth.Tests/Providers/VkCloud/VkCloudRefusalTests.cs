using System.Net;
using System.Text.Json.Nodes;
using TokenAuth.Testing;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.VkCloud;

public sealed class VkCloudRefusalTests : IDisposable
{
    private const string Granted = """{"access_token":"access-1","refresh_token":"refresh-1","expired_in":"3600"}""";

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly VkCloudOptions _options = new()
    {
        ClientId = "mcs1.voice.2",
        ClientSecret = "the-client's-secret",
        RefreshToken = "refresh-0",
        ProviderName = "vk",
    };

    private VkCloudTokenProvider? _provider;

    public VkCloudRefusalTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private VkCloudTokenProvider Provider => _provider ??= new VkCloudTokenProvider(_options, _endpoint.Client, _time);

    private IEnumerable<string> Grants => Enumerable.Range(1, _endpoint.Requests.Count).Select(GrantOf);

    public void Dispose()
    {
        _provider?.Dispose();
        _endpoint.Dispose();
    }

    [Theory]
    [Trait("Failure", "64")]
    [InlineData("""{"error":"invalid_grant"}""")]
    [InlineData("""{"error":"invalid_grant","error_description":"expired"}""")]
    [InlineData("""{"error":"unauthorized_client","message":"no"}""")]
    [InlineData("""{"error":"invalid_client"}""")]
    [InlineData("""{"error":"unsupported_grant_type"}""")]
    [InlineData("""{"access_token":null,"error":"invalid_grant"}""")]
    [InlineData("""{"access_token":"","error":"access_denied"}""")]
    [InlineData("""{"error":"INVALID_GRANT"}""")]
    [InlineData("""{"error":{"code":"invalid_grant","message":"expired"}}""")]
    [InlineData("""{"error":"invalid_token"}""")]
    [InlineData("""{"error":"expired_token"}""")]
    [InlineData("""{"error":"unauthorized","message":"no"}""")]
    [InlineData("""{"status":401,"body":"no"}""")]
    [InlineData("""{"status":"403","body":"no"}""")]
    public async Task An_error_inside_a_success_refuses_the_refresh_token(string body)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(body), () => ScriptedEndpoint.Json(Granted));

        var token = await GetAsync();

        Assert.Equal("access-1", token.Value);
        Assert.Equal(["refresh_token", "client_credentials"], Grants);
    }

    [Theory]
    [Trait("Failure", "64")]
    [InlineData(
        """{"error":"server_error"}""",
        "failed for provider 'vk' (200 server_error). The next call tries again."
    )]
    [InlineData(
        """{"error":"temporarily_unavailable"}""",
        "failed for provider 'vk' (200 temporarily_unavailable). The next call tries again."
    )]
    [InlineData(
        """{"error":"the-client's-secret"}""",
        "gave provider 'vk' an invalid response: it answered without an access token. Check VkCloudOptions.TokenEndpoint."
    )]
    [InlineData(
        """{"error":{"code":"the-client's-secret"}}""",
        "gave provider 'vk' an invalid response: it answered without an access token. Check VkCloudOptions.TokenEndpoint."
    )]
    [InlineData(
        """{"status":200,"body":{}}""",
        "gave provider 'vk' an invalid response: it answered without an access token. Check VkCloudOptions.TokenEndpoint."
    )]
    public async Task Another_error_inside_a_success_passes(string body, string rest)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(body));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal("VK Cloud's token endpoint " + rest, error.Message);
        Assert.True(error.IsTransient);
        Assert.Equal(["refresh_token"], Grants);
    }

    public static TheoryData<string> ErrorsWithoutAKnownWord =>
        [
            """{"error":"token_is_gone"}""",
            """{"error":"invalid_grant","error":"invalid_grant"}""",
            """{"error":"server_error","error":"invalid_grant"}""",
            """{"error":1042}""",
            """{"error":true}""",
            """{"error":{"reason":"expired"}}""",
            """{"error":["expired"]}""",
            """{"error_code":17}""",
            """{"error_description":"The refresh token has expired"}""",
            """{"errors":[{"text":"expired"}]}""",
            """{"message":"The refresh token has expired"}""",
            """{"status":404,"body":"no such refresh token"}""",
            """{"access_token":null,"error":"gone"}""",
        ];

    [Theory]
    [Trait("Failure", "64")]
    [MemberData(nameof(ErrorsWithoutAKnownWord))]
    public async Task An_error_without_a_known_word_is_taken_for_a_refusal_when_it_lasts_a_minute(string body)
    {
        _endpoint.Answer = (n, _) =>
            Task.FromResult(ScriptedEndpoint.Json(GrantOf(n) == "refresh_token" ? body : Granted));
        for (var n = 0; n < 3; n++)
        {
            Assert.True((await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync)).IsTransient);
            _time.Advance(TimeSpan.FromSeconds(20));
        }

        var token = await GetAsync();

        Assert.Equal("access-1", token.Value);
        Assert.Equal(
            ["refresh_token", "refresh_token", "refresh_token", "refresh_token", "client_credentials"],
            Grants
        );
    }

    [Theory]
    [Trait("Failure", "64")]
    [MemberData(nameof(ErrorsWithoutAKnownWord))]
    public async Task Six_grants_at_most_are_asked_for_in_an_hour_of_them(string body)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(body));

        for (var n = 0; n < 360; n++)
        {
            await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.InRange(Grants.Count(grant => grant == "client_credentials"), 1, 6);
    }

    [Theory]
    [Trait("Failure", "64")]
    [InlineData("{}")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":""}""")]
    [InlineData("""{"error":false,"status":200}""")]
    [InlineData("""{"error":"server_error"}""")]
    [InlineData("""{"status":503,"body":""}""")]
    [InlineData("<html>It works!</html>")]
    public async Task What_says_no_error_or_one_that_passes_never_refuses(string body)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(body));

        for (var n = 0; n < 60; n++)
        {
            await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.DoesNotContain("client_credentials", Grants);
    }

    [Fact]
    [Trait("Failure", "64")]
    public async Task A_token_beside_an_error_is_a_token()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json("""{"access_token":"access-1","error":"invalid_scope"}"""));

        Assert.Equal("access-1", (await GetAsync()).Value);
    }

    [Fact]
    [Trait("Failure", "64")]
    public async Task Client_credentials_that_are_refused_inside_a_success_name_the_cause()
    {
        _options.RefreshToken = null;
        _endpoint.Answers(() => ScriptedEndpoint.Json("""{"error":"invalid_client"}"""));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "VK Cloud refused the client credentials of provider 'vk' (200 invalid_client). Check ClientId and ClientSecret. If they are right, the project's 25 refresh "
                + "tokens may be used up: reuse one by setting RefreshToken, or use a service token, and keep grants in a token store.",
            error.Message
        );
        Assert.Equal("invalid_client", error.ErrorCode);
        Assert.False(error.IsTransient);
        Assert.Equal(error.Message, (await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync)).Message);
        Assert.Single(_endpoint.Requests);
    }

    [Theory]
    [Trait("Failure", "65")]
    [InlineData(400, "text/html", "<html>Request blocked</html>")]
    [InlineData(401, "text/html", "<html>Sign in</html>")]
    [InlineData(403, "text/html", "<html>Forbidden</html>")]
    [InlineData(403, "text/html", "Forbidden")]
    [InlineData(403, "application/xhtml+xml", "<?xml version=\"1.0\"?><html/>")]
    [InlineData(403, "application/xml", "<Error/>")]
    [InlineData(403, "application/json", "  <!DOCTYPE html><html></html>")] // under a wrong name
    [InlineData(403, "text/plain", "<html>Forbidden</html>")]
    [InlineData(403, "application/octet-stream", "no")]
    public async Task A_firewalls_page_refuses_no_refresh_token(int status, string type, string body)
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Reply((HttpStatusCode)status, body, type),
            () => ScriptedEndpoint.Json(Granted)
        );

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        var token = await GetAsync();

        Assert.True(error.IsTransient);
        Assert.Equal(status, (int)error.StatusCode!);
        Assert.Equal(
            $"A page came back in place of VK Cloud's response to provider 'vk' ({status}), as a firewall or a proxy sends it. Check that requests to mcs.mail.ru may pass. "
                + "The next call tries again.",
            error.Message
        );
        Assert.Equal("access-1", token.Value);
        Assert.Equal(["refresh_token", "refresh_token"], Grants);
    }

    [Theory]
    [Trait("Failure", "65")]
    [InlineData("text/plain", "Bad Request")]
    [InlineData("text/plain", "")]
    [InlineData("text/html", "")]
    [InlineData("text/html", "{\"error\":\"invalid_grant\"}")] // JSON under another name
    [InlineData("application/problem+json", "\"no\"")]
    public async Task The_vendors_own_response_refuses_it(string type, string body)
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Reply(HttpStatusCode.BadRequest, body, type),
            () => ScriptedEndpoint.Json(Granted)
        );

        await GetAsync();

        Assert.Equal(["refresh_token", "client_credentials"], Grants);
    }

    [Fact]
    [Trait("Failure", "65")]
    public async Task Three_pages_over_a_minute_are_taken_for_a_refusal()
    {
        Blocks();
        var started = _time.GetUtcNow();
        for (var n = 0; n < 3; n++)
        {
            await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(Enumerable.Repeat("refresh_token", 3), Grants);
        _time.Advance(started + TimeSpan.FromMinutes(1) - _time.GetUtcNow());
        var token = await GetAsync();

        Assert.Equal("access-1", token.Value);
        Assert.Equal(
            ["refresh_token", "refresh_token", "refresh_token", "refresh_token", "client_credentials"],
            Grants
        );
    }

    [Fact]
    [Trait("Failure", "65")]
    public async Task Two_pages_are_none_however_far_apart()
    {
        Blocks();
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        _time.Advance(TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(["refresh_token", "refresh_token"], Grants);
    }

    [Fact]
    [Trait("Failure", "65")]
    public async Task A_response_of_the_vendors_in_between_starts_the_count_again()
    {
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                n == 3
                    ? ScriptedEndpoint.Json("{}")
                    : ScriptedEndpoint.Reply(HttpStatusCode.Forbidden, "<html>", "text/html")
            );

        for (var n = 0; n < 5; n++)
        {
            await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
            _time.Advance(TimeSpan.FromSeconds(31));
        }

        Assert.Equal(Enumerable.Repeat("refresh_token", 5), Grants);
    }

    public static TheoryData<int, string, string> UnclearResponses =>
        new()
        {
            { 403, "<html>Forbidden</html>", "text/html" },
            { 200, """{"error":"no_such_token"}""", "application/json" },
        };

    [Theory]
    [Trait("Failure", "65")]
    [MemberData(nameof(UnclearResponses))]
    public async Task Two_refresh_tokens_are_counted_one_by_one(int status, string body, string type)
    {
        await RotateAsync();
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                GrantOf(n) == "refresh_token"
                    ? ScriptedEndpoint.Reply((HttpStatusCode)status, body, type)
                    : ScriptedEndpoint.Json(Granted)
            );

        await CallTwelveTimesAsync();

        Assert.Single(Grants, grant => grant == "client_credentials");
    }

    [Theory]
    [Trait("Failure", "65")]
    [MemberData(nameof(UnclearResponses))]
    public async Task A_clear_refusal_of_one_refresh_token_leaves_the_count_of_another(
        int status,
        string body,
        string type
    )
    {
        await RotateAsync();
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                GrantOf(n) != "refresh_token" ? ScriptedEndpoint.Json(Granted)
                : RefreshTokenOf(n) == "refresh-1"
                    ? ScriptedEndpoint.Reply(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""")
                : ScriptedEndpoint.Reply((HttpStatusCode)status, body, type)
            );

        await CallTwelveTimesAsync();

        Assert.Single(Grants, grant => grant == "client_credentials");
    }

    [Fact]
    [Trait("Failure", "65")]
    public async Task A_grant_in_between_starts_every_count_again()
    {
        await RotateAsync();
        var isUp = false;
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                isUp && RefreshTokenOf(n) == "refresh-1"
                    ? ScriptedEndpoint.Json(Granted)
                    : ScriptedEndpoint.Reply(HttpStatusCode.Forbidden, "<html>", "text/html")
            );
        for (var n = 0; n < 4; n++) // believed of the first one, and the second one is counted twice
        {
            await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        isUp = true;
        await GetAsync();
        isUp = false;
        _time.Advance(TimeSpan.FromHours(1));
        for (var n = 0; n < 4; n++)
        {
            await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.DoesNotContain("client_credentials", Grants);
    }

    [Fact]
    [Trait("Failure", "65")]
    public async Task Client_credentials_that_a_firewall_blocks_are_not_refused()
    {
        _options.RefreshToken = null;
        _endpoint.Answers(
            () => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, "<html>", "text/html"),
            () => ScriptedEndpoint.Json(Granted)
        );

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.True(error.IsTransient);
        Assert.Equal("access-1", (await GetAsync()).Value);
    }

    [Theory]
    [Trait("Failure", "68")]
    [InlineData(408)]
    [InlineData(421)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(503)]
    [InlineData(511)]
    [InlineData(529)]
    public async Task A_status_that_means_again_is_tried_again_in_the_series(int status)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status), () => ScriptedEndpoint.Json(Granted));

        var token = await GetAsync();

        Assert.Equal("access-1", token.Value);
        Assert.Equal(["refresh_token", "refresh_token"], Grants);
    }

    private void Blocks() =>
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                GrantOf(n) == "refresh_token"
                    ? ScriptedEndpoint.Reply(HttpStatusCode.Forbidden, "<html>", "text/html")
                    : ScriptedEndpoint.Json(Granted)
            );

    // Two are known then: the granted one, and the configured one.
    private async Task RotateAsync()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(Granted));
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));
    }

    private async Task CallTwelveTimesAsync()
    {
        for (var n = 0; n < 12; n++)
        {
            await Record.ExceptionAsync(GetAsync);
            _time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    private string RefreshTokenOf(int request) =>
        (string)JsonNode.Parse(_endpoint.Requests[request - 1].Body)!["refresh_token"]!;

    private string GrantOf(int request) => (string)JsonNode.Parse(_endpoint.Requests[request - 1].Body)!["grant_type"]!;

    private Task<AccessToken> GetAsync() =>
        _time.AdvanceUntilAsync(Provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(100), 200);
}
