using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechProbeTests : IDisposable
{
    private const string WrongKey =
        """{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}""";

    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromSeconds(10) };
    private readonly ScriptedEndpoint _endpoint;
    private readonly AzureSpeechOptions _options = new()
    {
        Region = "westeurope",
        SubscriptionKey = "key-one",
        ProviderName = "speech",
    };

    private AzureSpeechTokenProvider? _provider;

    public AzureSpeechProbeTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AzureSpeechTokenProvider Provider =>
        _provider ??= new AzureSpeechTokenProvider(_options, _endpoint.Client, _time);

    /// <summary>Status, body, media type, code.</summary>
    public static TheoryData<int, string, string, string> Causes =>
        new()
        {
            { 401, WrongKey, "application/json", "azure-key-refused" },
            { 401, "", "application/json", "azure-key-refused" },
            {
                401,
                """{"error":{"code":"AuthenticationTypeDisabled","message":"…"}}""",
                "application/json",
                "azure-keys-switched-off"
            },
            {
                403,
                """{"error":{"code":"403","message":"Key based authentication is disabled for this resource."}}""",
                "application/json",
                "azure-keys-switched-off"
            },
            {
                403,
                """{"error":{"code":"403","message":"Access denied due to Virtual Network/Firewall rules."}}""",
                "application/json",
                "azure-network-rules"
            },
            {
                400,
                """{"error":{"code":"AccessDenied","message":"Public access is disabled. Please configure private endpoint."}}""",
                "application/json",
                "azure-network-rules"
            },
            {
                403,
                """{"error":{"code":"403","message":"Out of call volume quota. Quota will be replenished in 02:12:11."}}""",
                "application/json",
                "azure-quota-used-up"
            },
            { 403, "", "application/json", "azure-not-allowed" },
            { 400, "Bad Request", "text/plain", "azure-not-allowed" },
            { 401, "<html>Sign in</html>", "text/html", "firewall-page" },
            { 403, "<html>Blocked: quota</html>", "text/html", "firewall-page" },
            { 200, "<html>Welcome to the hotel</html>", "text/html", "firewall-page" },
            { 511, "", "text/html", "firewall-page" },
            { 200, "not a token", "text/plain", "azure-invalid-response" },
            { 302, "", "text/html", "redirected" },
            {
                404,
                """{"error":{"code":"404","message":"Resource not found"}}""",
                "application/json",
                "azure-address-wrong"
            },
            { 407, "", "text/html", "proxy-refused" },
            { 429, "", "application/json", "too-many-requests" },
            { 500, "", "application/json", "endpoint-failed" },
            { 503, "", "text/html", "endpoint-failed" },
        };

    public void Dispose()
    {
        _provider?.Dispose();
        _endpoint.Dispose();
    }

    [Fact]
    public async Task A_working_key_is_reported_without_findings_and_the_token_in_use_stays()
    {
        _endpoint.Answer = (n, _) => Task.FromResult(Issued(n));
        var before = await Provider.GetTokenAsync(Cancel);

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Empty(report.Findings);
        Assert.True(report.Works);
        Assert.Equal(_time.GetUtcNow().AddMinutes(10), report.ExpiresAt);
        Assert.Equal(2, _endpoint.Requests.Count);
        Assert.Same(before, await Provider.GetTokenAsync(Cancel));
    }

    [Theory]
    [InlineData(540, 540)]
    [InlineData(600, 600)]
    [InlineData(601, 600)]
    [InlineData(120, 120)]
    [InlineData(119, 600)] // tells of a wrong local clock
    public async Task A_token_expires_when_it_says_so_and_after_ten_minutes_at_the_latest(int exp, int expected)
    {
        var sentAt = _time.GetUtcNow();
        _endpoint.Answers(() => ScriptedEndpoint.Text(Jwt.ThatExpires(sentAt.AddSeconds(exp))));

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal(sentAt.AddSeconds(expected), report.ExpiresAt);
        Assert.Equal((await Provider.GetTokenAsync(Cancel)).ExpiresAt, report.ExpiresAt);
    }

    [Theory, MemberData(nameof(Causes))]
    public async Task Each_cause_has_its_code_after_one_request(int status, string body, string type, string code)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body, type));

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(code, finding.Code);
        Assert.Equal(TokenFindingSeverity.Error, finding.Severity);
        Assert.Equal($"urn:tokenauth:{code}", finding.HelpLink.OriginalString);
        Assert.False(report.Works);
        Assert.Null(report.ExpiresAt);
        Assert.Single(_endpoint.Requests);
    }

    [Theory, MemberData(nameof(Causes))]
    public async Task A_callers_exception_links_to_the_same_code(int status, string body, string type, string code)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body, type));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await _time.AdvanceUntilAsync(Provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(50), 2_000)
        );

        Assert.Equal($"urn:tokenauth:{code}", error.HelpLink);
    }

    [Fact]
    public async Task One_finding_lists_the_three_causes_that_Azure_answers_alike_and_the_region_of_an_earlier_token()
    {
        _endpoint.Answers(() => Issued(1), () => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, WrongKey));
        await Provider.GetTokenAsync(Cancel);

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(
            "Azure Speech refused the subscription key of provider 'speech' at westeurope.api.cognitive.microsoft.com (401). The token in use, which was issued earlier, names the "
                + "region 'westeurope'.",
            finding.Message
        );
        Assert.Equal(
            "The response is the same for three causes. A wrong key: check SubscriptionKey. A wrong region or cloud: check that Region, Endpoint or TokenEndpoint is that of the key's "
                + "resource. Keys that are switched off for the resource: allow key access again (disableLocalAuth), or use Microsoft Entra.",
            finding.Remedy
        );
        Assert.All(
            _endpoint.Requests,
            request => Assert.Equal("westeurope.api.cognitive.microsoft.com", new Uri(request.Address).Host)
        );
    }

    [Fact]
    public async Task A_refused_first_key_with_a_second_one_that_works_is_a_warning_and_marks_no_key()
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answers(
            () => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, WrongKey),
            () => Issued(2),
            () => Issued(3)
        );

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);
        await Provider.GetTokenAsync(Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(("azure-one-key-refused", TokenFindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Equal(
            "Azure Speech refused the SubscriptionKey of provider 'speech' at westeurope.api.cognitive.microsoft.com (401) and accepted its SecondaryKey, whose token names the region "
                + "'westeurope'.",
            finding.Message
        );
        Assert.True(report.Works);
        Assert.Equal(
            ["key-one", "key-two", "key-one"],
            _endpoint.Requests.Select(request => request.Headers["Ocp-Apim-Subscription-Key"])
        );
    }

    [Fact]
    public async Task Two_refused_keys_are_one_finding()
    {
        _options.SecondaryKey = "key-two";
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, WrongKey));

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal("azure-key-refused", Assert.Single(report.Findings).Code);
        Assert.Equal(2, _endpoint.Requests.Count);
    }

    [Fact]
    public async Task An_address_without_its_path_is_told_from_a_wrong_one()
    {
        _options.TokenEndpoint = new Uri("https://speech.contoso.com/");
        _endpoint.Answers(() =>
            ScriptedEndpoint.Reply(
                HttpStatusCode.NotFound,
                """{"error":{"code":"404","message":"Resource not found"}}"""
            )
        );

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal("azure-address-without-path", Assert.Single(report.Findings).Code);
    }

    [Theory]
    [InlineData(-60, null)]
    [InlineData(-62, "behind")]
    [InlineData(60, null)]
    [InlineData(62, "ahead")]
    public async Task A_clock_that_differs_from_the_responses_Date_by_more_than_a_minute_is_a_warning(
        int seconds,
        string? said
    )
    {
        _endpoint.Answers(() =>
        {
            var response = Issued(1);
            response.Headers.Date = _time.GetUtcNow().AddSeconds(-seconds);

            return response;
        });

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.True(report.Works);
        if (said is null)
            Assert.Empty(report.Findings);
        else
            Assert.Equal(
                $"By the time of westeurope.api.cognitive.microsoft.com's response, this machine's clock is 1 minutes {said}.",
                Assert.Single(report.Findings, finding => finding.Code == "clock-off").Message
            );
    }

    [Fact]
    public async Task Without_a_Date_the_tokens_expiry_tells_of_a_clock_that_is_off()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Text(Jwt.ThatExpires(_time.GetUtcNow().AddMinutes(-20))));

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(("clock-off", TokenFindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Equal(
            "By the expiry of the token that was issued, this machine's clock is 30 minutes ahead.",
            finding.Message
        );
    }

    [Fact]
    public async Task A_clock_that_is_off_is_found_beside_a_refusal_too()
    {
        _endpoint.Answers(() =>
        {
            var response = ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, WrongKey);
            response.Headers.Date = _time.GetUtcNow().AddHours(3);

            return response;
        });

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal(["azure-key-refused", "clock-off"], report.Findings.Select(finding => finding.Code));
    }

    [Fact]
    public async Task A_region_in_the_settings_that_is_not_the_tokens_is_a_warning()
    {
        (_options.Region, _options.Endpoint) = ("eastus", new Uri("https://contoso.cognitiveservices.azure.com/"));
        _endpoint.Answers(() => Issued(1));

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(("azure-other-region", TokenFindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Equal(
            "Set AzureSpeechOptions.Region to 'westeurope': the hosts of 'eastus' refuse the token.",
            finding.Remedy
        );
    }

#if !NETSTANDARD_ASSEMBLY // it cannot read HttpRequestError
    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "name-not-resolved")]
    [InlineData(HttpRequestError.ConnectionError, "not-reached")]
    [InlineData(HttpRequestError.ProxyTunnelError, "proxy-refused")]
    [InlineData(HttpRequestError.SecureConnectionError, "tls-failed")]
    [InlineData(HttpRequestError.ResponseEnded, "response-broken-off")]
    public async Task Each_way_not_to_reach_the_endpoint_has_its_code(HttpRequestError kind, string code)
    {
        _endpoint.Answer = (_, _) => throw new HttpRequestException(kind);

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal(code, Assert.Single(report.Findings).Code);
        Assert.Single(_endpoint.Requests);
    }
#endif

    [Fact]
    public async Task Silence_is_a_finding_after_five_seconds()
    {
        _endpoint.Answer = (_, cancellation) => ScriptedEndpoint.Silence(cancellation);

        var probing = Provider.ProbeAsync(cancellationToken: Cancel);
        await Patience.Until(() => _endpoint.Requests.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        var report = await probing;

        Assert.Equal("timed-out", Assert.Single(report.Findings).Code);
        Assert.Equal(TimeSpan.FromSeconds(5), report.Duration);
    }

    [Fact]
    public async Task Whatever_an_HttpClient_throws_is_a_finding()
    {
        _endpoint.Answer = (_, _) => throw new NotSupportedException("no");

        var report = await Provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal("source-failed", Assert.Single(report.Findings).Code);
    }

    [Fact]
    public async Task Who_gives_up_gets_a_cancellation()
    {
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _endpoint.Answer = (_, cancellation) => ScriptedEndpoint.Silence(cancellation);

        var probing = Provider.ProbeAsync(cancellationToken: gaveUp.Token);
        await gaveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing);
    }

    [Theory]
    [InlineData("westeurope", null, "https://westeurope.tts.speech.microsoft.com/cognitiveservices/voices/list")]
    [InlineData("usgovvirginia", null, "https://usgovvirginia.tts.speech.azure.us/cognitiveservices/voices/list")]
    [InlineData("chinaeast2", null, "https://chinaeast2.tts.speech.azure.cn/cognitiveservices/voices/list")]
    [InlineData(
        null,
        "https://contoso.cognitiveservices.azure.com/",
        "https://contoso.cognitiveservices.azure.com/tts/cognitiveservices/voices/list"
    )]
    public async Task A_call_of_the_service_asks_for_the_voices_with_the_new_token(
        string? region,
        string? endpoint,
        string address
    )
    {
        (_options.Region, _options.Endpoint) = (region, endpoint is null ? null : new Uri(endpoint));
        var jwt = Jwt.With("{}");
        _endpoint.Answers(() => ScriptedEndpoint.Text(jwt), () => ScriptedEndpoint.Json("[]"));

        var report = await Provider.ProbeAsync(new TokenProbeOptions { CallService = true }, Cancel);

        Assert.Empty(report.Findings);
        Assert.Equal(address, _endpoint.Requests[1].Address);
        Assert.Equal("GET", _endpoint.Requests[1].Method);
        Assert.Equal($"Bearer {jwt}", _endpoint.Requests[1].Headers["Authorization"]);
        Assert.DoesNotContain("Ocp-Apim-Subscription-Key", _endpoint.Requests[1].Headers.Keys);
    }

    [Theory]
    [InlineData(401, "application/json", "azure-token-refused-by-service")]
    [InlineData(401, "text/html", "firewall-page")]
    [InlineData(403, "application/json", "azure-service-forbidden")]
    [InlineData(404, "application/json", "azure-service-not-found")]
    [InlineData(429, "application/json", "too-many-requests")]
    [InlineData(503, "application/json", "azure-service-failed")]
    public async Task A_token_that_is_good_where_it_was_issued_may_be_refused_where_it_is_used(
        int status,
        string type,
        string code
    )
    {
        _endpoint.Answers(
            () => Issued(1),
            () => ScriptedEndpoint.Reply((HttpStatusCode)status, type == "text/html" ? "<html>" : "{}", type)
        );

        var report = await Provider.ProbeAsync(new TokenProbeOptions { CallService = true }, Cancel);

        Assert.True(report.Works);
        Assert.Equal(code, Assert.Single(report.Findings).Code);
        Assert.Equal(2, _endpoint.Requests.Count);
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_named_as_the_service()
    {
        _endpoint.Answer = (n, _) =>
            n == 1 ? Task.FromResult(Issued(1)) : throw new HttpRequestException(HttpRequestError.ConnectionError);

        var report = await Provider.ProbeAsync(new TokenProbeOptions { CallService = true }, Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal("not-reached", finding.Code);
        Assert.Equal(
            "Azure Speech's service https://westeurope.tts.speech.microsoft.com/cognitiveservices/voices/list of provider 'speech' cannot be reached.",
            finding.Message
        );
    }

    [Fact]
    public async Task Settings_that_name_no_service_say_that_none_was_called()
    {
        (_options.Region, _options.TokenEndpoint) = (null, new Uri("https://speech.contoso.com/issueToken"));
        _endpoint.Answers(() => Issued(1));

        var report = await Provider.ProbeAsync(new TokenProbeOptions { CallService = true }, Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(("azure-service-not-called", TokenFindingSeverity.Information), (finding.Code, finding.Severity));
    }

    private HttpResponseMessage Issued(int number) =>
        ScriptedEndpoint.Text(Jwt.ThatExpires(_time.GetUtcNow().AddMinutes(10), number));
}
