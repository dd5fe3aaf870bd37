using System.Net;
using System.Text.Json.Nodes;
using TokenAuth.Testing;
using TokenAuth.TestKit;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Lifetime;
using TokenAuth.Tests.Telemetry;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.VkCloud;

public sealed class VkCloudProbeTests : IDisposable
{
    private static readonly TokenProbeOptions _spending = new() { MaySpendRefreshToken = true };

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly VkCloudOptions _options = new()
    {
        ClientId = "mcs1.voice.2",
        ClientSecret = "the-client's-secret",
        ProviderName = "vk",
    };

    private VkCloudTokenProvider? _provider;

    public VkCloudProbeTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _endpoint.Answer = (n, _) => Task.FromResult(Granted(n));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private VkCloudTokenProvider Provider => _provider ??= Over(store: null);

    private IEnumerable<string> Grants =>
        _endpoint.Requests.Select(request => (string)JsonNode.Parse(request.Body)!["grant_type"]!);

    public void Dispose()
    {
        _provider?.Dispose();
        _endpoint.Dispose();
    }

    [Fact]
    public async Task With_no_refresh_token_known_nothing_is_asked_and_the_probe_says_so()
    {
        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(("vk-not-asked", TokenFindingSeverity.Information), (finding.Code, finding.Severity));
        Assert.Equal(
            "VK Cloud was not asked: no refresh token of provider 'vk' is known, and a new grant costs one of the project's 25 refresh tokens.",
            finding.Message
        );
        Assert.False(report.Works);
        Assert.Empty(_endpoint.Requests);
    }

    [Fact]
    public async Task A_probe_that_asked_nothing_leaves_no_trace_in_callers_or_health()
    {
        await Provider.ProbeAsync(cancellationToken: Cancel);

        var snapshot = ((IRenewingProvider)Provider).Engine!.Snapshot();
        var token = await Provider.GetTokenAsync(Cancel);

        Assert.Null(snapshot.Renewal);
        Assert.Equal("access-1", token.Value);
    }

    [Fact]
    public async Task With_a_refresh_token_known_the_ordinary_renewal_is_made_although_the_token_is_fresh()
    {
        var before = await Provider.GetTokenAsync(Cancel);

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);
        var after = await Provider.GetTokenAsync(Cancel);

        Assert.True(report.Works);
        Assert.Empty(report.Findings);
        Assert.Equal(_time.GetUtcNow().AddHours(1), report.ExpiresAt);
        Assert.Equal(("access-1", "access-2"), (before.Value, after.Value));
        Assert.Equal(["client_credentials", "refresh_token"], Grants);
    }

    [Fact]
    public async Task A_grant_in_the_store_is_renewed_and_what_comes_is_stored()
    {
        var store = new ScriptedStore(Stored("access-0", "refresh-0"));
        using var provider = Over(store);

        var report = await provider.ProbeAsync(cancellationToken: Cancel);

        Assert.True(report.Works);
        Assert.Equal(["refresh_token"], Grants);
        Assert.Contains("refresh-0", Assert.Single(_endpoint.Requests).Body, StringComparison.Ordinal);
        Assert.Equal("refresh-1", store.Record!.Grant.RefreshToken);
    }

    [Fact]
    public async Task A_dead_refresh_token_is_a_finding_and_nothing_is_minted()
    {
        _options.RefreshToken = "refresh-0";
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}"""));

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(("vk-refresh-token-refused", TokenFindingSeverity.Error), (finding.Code, finding.Severity));
        Assert.Equal(["refresh_token"], Grants);
    }

    [Fact]
    public async Task A_caller_who_joined_a_probe_that_may_not_spend_gets_a_token_of_its_own_renewal()
    {
        _options.RefreshToken = "refresh-0";
        var refusal = new TaskCompletionSource<HttpResponseMessage>();
        _endpoint.Answer = (n, _) => n == 1 ? refusal.Task : Task.FromResult(Granted(n));

        var probing = Provider.ProbeAsync(cancellationToken: Cancel);
        await Patience.Until(() => _endpoint.Requests.Count == 1);
        var calling = Provider.GetTokenAsync(Cancel).AsTask();
        refusal.SetResult(Refused());

        Assert.Equal("vk-refresh-token-refused", Assert.Single((await probing).Findings).Code);
        Assert.Equal("access-2", (await calling).Value);
        Assert.Equal(["refresh_token", "client_credentials"], Grants);
    }

    [Fact]
    public async Task A_probe_that_may_spend_says_what_it_cost_and_that_the_old_refresh_token_is_dead()
    {
        _options.RefreshToken = "refresh-0";
        _endpoint.Answers(Refused, () => Granted(2));

        var report = await Provider.ProbeAsync(_spending, Cancel);

        Assert.True(report.Works);
        Assert.Equal(
            ["vk-refresh-token-refused", "vk-refresh-token-spent"],
            report.Findings.Select(finding => finding.Code)
        );
        Assert.Equal(["refresh_token", "client_credentials"], Grants);
    }

    [Theory]
    [InlineData(401, """{"error":"invalid_client"}""", "application/json", "vk-credentials-refused")]
    [InlineData(403, """{"error":"limit_exceeded"}""", "application/json", "vk-refresh-tokens-used-up")]
    [InlineData(429, """{"error":"limit_exceeded"}""", "application/json", "vk-refresh-tokens-used-up")]
    [InlineData(429, """{"error":"rate_limit_exceeded"}""", "application/json", "too-many-requests")]
    [InlineData(403, "<html>Blocked</html>", "text/html", "firewall-page")]
    [InlineData(200, "<html>Welcome</html>", "text/html", "firewall-page")]
    [InlineData(200, "{}", "application/json", "vk-invalid-response")]
    [InlineData(302, "", "text/html", "redirected")]
    [InlineData(503, "", "text/html", "endpoint-failed")]
    public async Task Each_cause_has_its_code_which_a_callers_exception_links_to(
        int status,
        string body,
        string type,
        string code
    )
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body, type));

        var probing = Provider.ProbeAsync(_spending, Cancel);
        var report = await _time.AdvanceUntilAsync(probing, TimeSpan.FromMilliseconds(50), 2_000);
        using var other = Over(store: null);
        var calling = other.GetTokenAsync(Cancel).AsTask();
        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            _time.AdvanceUntilAsync(calling, TimeSpan.FromMilliseconds(50), 2_000)
        );

        var finding = Assert.Single(report.Findings);
        Assert.Equal(code, finding.Code);
        Assert.Equal(finding.HelpLink.OriginalString, error.HelpLink);
        Assert.False(report.Works);
    }

    [Fact]
    public async Task Without_a_secret_a_dead_refresh_token_needs_a_new_one()
    {
        (_options.ClientSecret, _options.RefreshToken) = (null, "refresh-0");
        _endpoint.Answers(Refused);

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal("vk-reauthentication-required", Assert.Single(report.Findings).Code);
    }

    [Fact]
    public async Task A_second_probe_that_may_spend_within_a_minute_is_paced()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json("{}"));
        await Provider.ProbeAsync(_spending, Cancel);

        var report = await Provider.ProbeAsync(_spending, Cancel);

        Assert.Equal("vk-paced", Assert.Single(report.Findings).Code);
        Assert.Single(_endpoint.Requests);
    }

    [Fact]
    public async Task While_the_endpoint_is_left_alone_the_probe_says_so_and_why()
    {
        _options.RefreshToken = "refresh-0";
        _endpoint.Answers(() =>
        {
            var response = ScriptedEndpoint.Reply(HttpStatusCode.TooManyRequests);
            response.Headers.Add("Retry-After", "60");

            return response;
        });
        await Provider.ProbeAsync(cancellationToken: Cancel);

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal(["held-back", "too-many-requests"], report.Findings.Select(finding => finding.Code));
        Assert.Single(_endpoint.Requests);
    }

    [Fact]
    public async Task A_client_id_of_the_other_service_in_the_secrets_place_is_told()
    {
        _options.ClientSecret = "mcs1.ml.vision.2";

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings, finding => finding.Severity == TokenFindingSeverity.Error);
        Assert.Equal("vk-secret-of-other-service", finding.Code);
        Assert.Equal(
            "The ClientSecret of provider 'vk' is written like a client id of VK Cloud Vision, and its ClientId is that of Voice.",
            finding.Message
        );
        Assert.Equal(
            "Copy ClientId and ClientSecret from the same page of the console, each from its own field: Vision and Voice have a pair each.",
            finding.Remedy
        );
    }

    [Theory]
    [InlineData(400, """{"status":400,"body":{"code":4048}}""", "vk-4048")]
    [InlineData(400, """{"error_code":"4049"}""", "vk-4049")]
    [InlineData(401, "", "vk-unauthorized")]
    [InlineData(403, "", "vk-forbidden")]
    [InlineData(200, """{"status":401,"body":"authorization failed, provider: mcs"}""", "vk-vision-envelope")]
    public async Task The_last_refusal_that_a_handler_saw_is_reported(int status, string body, string code)
    {
        _options.RefreshToken = "refresh-0";
        using var response = ScriptedEndpoint.Reply((HttpStatusCode)status, body);
        response.RequestMessage = new HttpRequestMessage(HttpMethod.Post, "https://smarty.mail.ru/?oauth_token=t");
        await Provider.IsRejectedAsync(response, Cancel);
        using var other = ScriptedEndpoint.Reply(HttpStatusCode.BadRequest, """{"code":4000}""");
        await Provider.IsRejectedAsync(other, Cancel);

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((code, TokenFindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Contains("of provider 'vk' at 2026-01-01 00:00:00Z.", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"status":400,"body":{"code":4048}}""")]
    [InlineData(400, """{"error_code":"4049"}""")]
    [InlineData(401, "")]
    [InlineData(403, "")]
    public async Task A_refusal_is_forgotten_once_its_host_accepts_a_request(int status, string body)
    {
        _options.RefreshToken = "refresh-0";
        await Provider.IsRejectedAsync(Of("voice.mcs.mail.ru", status, body), Cancel);
        var audience = (IPlacedRejections)Provider;

        audience.MayBeRejected(Of("smarty.mail.ru", 204), CredentialPlace.BearerHeader); // another service
        audience.MayBeRejected(Of("voice.mcs.mail.ru", 500), CredentialPlace.BearerHeader); // says nothing of the token
        var before = await Provider.ProbeAsync(cancellationToken: Cancel);
        audience.MayBeRejected(Of("voice.mcs.mail.ru", 200, "{}"), CredentialPlace.BearerHeader);
        var after = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Single(before.Findings);
        Assert.Empty(after.Findings);
    }

    [Theory]
    [InlineData("""{"status":200,"body":{}}""", false)]
    [InlineData("""{"status":"200","body":{}}""", false)]
    [InlineData("""{"status":500,"body":{}}""", true)]
    public async Task Visions_refusal_is_forgotten_once_an_envelope_says_200(string body, bool isKept)
    {
        _options.RefreshToken = "refresh-0";
        await Provider.IsRejectedAsync(Of("smarty.mail.ru", 200, """{"status":401}"""), Cancel);

        await Provider.IsRejectedAsync(Of("smarty.mail.ru", 200, body), Cancel);

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);
        Assert.Equal(isKept, report.Findings.Count > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_that_a_handler_heals_leaves_no_finding(bool isWrapped)
    {
        _options.RefreshToken = "refresh-0";
        var sent = 0;
        using var client = new HttpClient(
            new BearerTokenHandler(isWrapped ? new WrappingProvider(Provider) : Provider)
            {
                InnerHandler = new StubPrimaryHandler(request =>
                {
                    var isFirst = ++sent == 1;
                    var response = ScriptedEndpoint.Reply(
                        isFirst ? HttpStatusCode.BadRequest : HttpStatusCode.OK,
                        isFirst ? """{"code":4048}""" : "{}"
                    );
                    response.RequestMessage = request;

                    return response;
                }),
            }
        );

        using var response = await client.GetAsync(new Uri("https://voice.mcs.mail.ru/asr"), Cancel);
        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, sent));
        Assert.Empty(report.Findings);
    }

    [Theory]
    [InlineData("""{"status":200,"body":{}}""", null)]
    [InlineData("""{"status":401,"body":""}""", "vk-vision-envelope")]
    public async Task A_refusal_of_Visions_that_a_handler_heals_leaves_no_finding(string body, string? code)
    {
        _options.RefreshToken = "refresh-0";
        var sent = 0;
        using var client = new HttpClient(
            new OAuthTokenQueryHandler(Provider)
            {
                InnerHandler = new StubPrimaryHandler(request =>
                {
                    var response = ScriptedEndpoint.Json(++sent == 1 ? """{"status":401,"body":""}""" : body);
                    response.RequestMessage = request;

                    return response;
                }),
            }
        );

        using var response = await client.GetAsync(new Uri("https://smarty.mail.ru/api/v1/objects/detect"), Cancel);
        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal(2, sent);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(code, report.Findings.SingleOrDefault()?.Code);
    }

    [Fact]
    public async Task A_dead_refresh_token_of_the_store_is_reported_by_a_fresh_process()
    {
        var records = new MemoryRecords();
        using (var before = Over(Store(records)))
            await before.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(1));
        _endpoint.Answer = (n, _) => Task.FromResult(n == 2 ? Refused() : Granted(n));
        using var fresh = Over(Store(records));

        var report = await fresh.ProbeAsync(_spending, Cancel);

        Assert.Equal(
            ["vk-refresh-token-refused", "vk-refresh-token-spent"],
            report.Findings.Select(finding => finding.Code)
        );
        Assert.Equal(["client_credentials", "refresh_token", "client_credentials"], Grants);
    }

    [Fact]
    public async Task The_service_is_not_called()
    {
        _options.RefreshToken = "refresh-0";

        var report = await Provider.ProbeAsync(new TokenProbeOptions { CallService = true }, Cancel);

        Assert.Equal("vk-service-not-called", Assert.Single(report.Findings).Code);
        Assert.Single(_endpoint.Requests);
    }

    [Fact]
    public async Task A_probe_and_a_renewal_of_one_process_are_one_call()
    {
        _options.RefreshToken = "refresh-0";
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _endpoint.Answer = (_, _) => answer.Task;

        var calling = Provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _endpoint.Requests.Count == 1);
        var probing = Provider.ProbeAsync(cancellationToken: Cancel);
        answer.SetResult(Granted(1));

        Assert.True((await probing).Works);
        Assert.Equal("access-1", (await calling).Value);
        Assert.Single(_endpoint.Requests);
    }

    [Theory]
    [InlineData(55, "access-1")] // served while it is renewed early
    [InlineData(59.5, "access-2")] // due
    public async Task A_probe_in_parallel_with_a_renewal_of_the_fleet_is_one_call_that_loses_and_mints_nothing(
        double minutes,
        string served
    )
    {
        var records = new MemoryRecords();
        var (ours, theirs) = (Store(records), Store(records));
        using var renewing = Over(theirs);
        using var probed = Over(ours);
        await renewing.GetTokenAsync(Cancel);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _endpoint.Answer = (n, _) => n == 2 ? answer.Task : Task.FromResult(Granted(n));
        _time.Advance(TimeSpan.FromMinutes(minutes));

        var calling = renewing.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _endpoint.Requests.Count == 2);
        var probing = probed.ProbeAsync(cancellationToken: Cancel);
        await Patience.Until(() => ours.Attempts > 0);
        answer.SetResult(Granted(2));
        var (token, report) = (await calling, await probing);
        _time.Advance(TimeSpan.FromMinutes(59.5));
        var next = await probed.GetTokenAsync(Cancel);

        Assert.True(report.Works);
        Assert.Empty(report.Findings);
        Assert.Equal((served, "access-3"), (token.Value, next.Value));
        Assert.Equal(["client_credentials", "refresh_token", "refresh_token"], Grants);
        Assert.Contains("refresh-2", _endpoint.Requests[2].Body, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Of(string host, int status, string body = "")
    {
        var response = ScriptedEndpoint.Reply((HttpStatusCode)status, body);
        response.RequestMessage = new HttpRequestMessage(HttpMethod.Post, $"https://{host}/?oauth_token=t");

        return response;
    }

    private static HttpResponseMessage Granted(int number) =>
        ScriptedEndpoint.Json(
            $$"""{"refresh_token":"refresh-{{number}}","access_token":"access-{{number}}","expired_in":"3600"}"""
        );

    private static HttpResponseMessage Refused() =>
        ScriptedEndpoint.Reply(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""");

    private VkCloudTokenProvider Over(ITokenStore? store) => new(_options, _endpoint.Client, _time, store);

    private MemoryTokenStore Store(MemoryRecords records) =>
        new(records, new FileTokenStoreOptions { AllowUnencrypted = true }, _time, new RecordedLogs());

    private TokenRecord Stored(string accessToken, string refreshToken) =>
        new(
            new TokenGrant(new AccessToken(accessToken, _time.GetUtcNow().AddHours(1))) { RefreshToken = refreshToken },
            _time.GetUtcNow()
        )
        {
            SecretDigest = SecretDigest.Of(_options.ClientSecret),
        };
}
