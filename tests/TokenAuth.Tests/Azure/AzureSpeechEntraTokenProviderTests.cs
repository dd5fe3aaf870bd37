using System.Net;
using Azure.Core;
using Microsoft.Extensions.Logging;
using TokenAuth.Testing;
using TokenAuth.Tests.Wire;
using EntraToken = Azure.Core.AccessToken;

namespace TokenAuth.Tests.Azure;

public sealed class AzureSpeechEntraTokenProviderTests : IDisposable
{
    private const string ResourceId =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso";

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly RecordedLogs _logs = new();

    public AzureSpeechEntraTokenProviderTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _endpoint.Dispose();

    [Theory]
    [InlineData(EntraTokenForm.Composite, $"aad#{ResourceId}#e.n.t1")]
    [InlineData(EntraTokenForm.Plain, "e.n.t1")]
    public async Task The_token_is_the_credentials_in_its_form(EntraTokenForm form, string value)
    {
        var credential = new ScriptedCredential(_time, "e.n.t1");
        using var provider = Provider(credential, form);

        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal((value, _time.GetUtcNow().AddHours(1)), (token.Value, token.ExpiresAt));
        Assert.Equal(["https://cognitiveservices.azure.com/.default"], credential.Requests.Single().Scopes);
        Assert.Null(credential.Requests.Single().Claims);
        Assert.Empty(_endpoint.Requests);
    }

    [Fact]
    public async Task An_exchanged_token_is_the_one_that_issueToken_gives_for_the_credentials()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Text("a.b.c"));
        using var provider = Provider(new ScriptedCredential(_time, "e.n.t1"), EntraTokenForm.Exchanged);

        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal(("a.b.c", _time.GetUtcNow().AddMinutes(10)), (token.Value, token.ExpiresAt));
        var request = Assert.Single(_endpoint.Requests);
        Assert.Equal(
            ("POST", "https://contoso.cognitiveservices.azure.com/sts/v1.0/issueToken", ""),
            (request.Method, request.Address, request.Body)
        );
        Assert.Equal("Bearer e.n.t1", request.Headers["Authorization"]);
        Assert.Equal("0", request.Headers["Content-Length"]);
        Assert.DoesNotContain("Ocp-Apim-Subscription-Key", request.Headers.Keys);
    }

    [Fact]
    public async Task Fifty_callers_are_one_call_of_the_credential()
    {
        var waiting = new TaskCompletionSource();
        var credential = new ScriptedCredential(_time, "e.n.t1") { Delay = waiting.Task };
        using var provider = Provider(credential, EntraTokenForm.Composite);

        var calls = Enumerable.Range(0, 50).Select(_ => provider.GetTokenAsync(Cancel).AsTask()).ToList();
        waiting.SetResult();

        Assert.Single((await Task.WhenAll(calls)).Select(token => token.Value).Distinct(StringComparer.Ordinal));
        Assert.Single(credential.Requests);
    }

    [Fact]
    public async Task A_refusal_asks_the_credential_once_past_its_cache()
    {
        var credential = new ScriptedCredential(
            (_, request) =>
                new EntraToken(request.Claims is null ? "e.n.cached" : "e.n.new", _time.GetUtcNow().AddHours(1))
        );
        using var provider = Provider(credential, EntraTokenForm.Plain);
        var first = await provider.GetTokenAsync(Cancel);

        provider.Invalidate(first);
        var second = await provider.GetTokenAsync(Cancel);

        Assert.Equal(("e.n.cached", "e.n.new"), (first.Value, second.Value));
        Assert.Equal(2, credential.Requests.Count);
        Assert.Empty(_logs.Messages(70));
    }

    [Fact]
    public async Task A_credential_that_takes_no_claims_is_asked_without_them()
    {
        var credential = new ScriptedCredential(
            (n, request) =>
                request.Claims is null
                    ? new EntraToken($"e.n.t{n}", _time.GetUtcNow().AddHours(1))
                    : throw new InvalidOperationException("az login --claims-challenge")
        );
        using var provider = Provider(credential, EntraTokenForm.Plain);

        provider.Invalidate(await provider.GetTokenAsync(Cancel));

        Assert.Equal("e.n.t3", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "92")]
    public async Task A_refused_token_that_the_credential_brings_again_is_served_after_a_pause_and_explained_once()
    {
        using var provider = Provider(new ScriptedCredential(_time, "e.n.t1"), EntraTokenForm.Composite);
        var token = await provider.GetTokenAsync(Cancel);

        provider.Invalidate(token);
        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await provider.GetTokenAsync(Cancel)
        );
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.True(failure.IsTransient);
        Assert.Equal(token.Value, (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(
            [
                "A service refuses the Microsoft Entra token of provider 'AzureSpeechEntra' in the form Composite, also a newer one. Check that its principal has the role 'Cognitive "
                    + "Services Speech User' at the resource (Owner and Contributor give no access to data; a new role takes up to five minutes), that the resource has a custom domain, and that "
                    + "the host takes this form: Composite for synthesis, voices and short audio, Plain for /speechtotext/ at the custom domain.",
            ],
            _logs.Messages(70)
        );
    }

    [Fact]
    [Trait("Failure", "92")]
    public async Task Refusals_are_counted_from_the_last_ordinary_renewal_and_each_outage_is_explained()
    {
        using var provider = Provider(
            new ScriptedCredential((n, _) => new EntraToken($"e.n.t{n}", _time.GetUtcNow().AddHours(1))),
            EntraTokenForm.Plain
        );

        var cured = await RefuseAsync(1);
        var another = await RefuseAsync(1);
        var lasting = await RefuseAsync(3);
        var next = await RefuseAsync(2);

        Assert.Equal((0, 0, 1, 2), (cured, another, lasting, next));

        async Task<int> RefuseAsync(int times)
        {
            _time.Advance(TimeSpan.FromHours(2)); // the credential is asked in the ordinary way
            for (var i = 0; i < times; i++)
            {
                provider.Invalidate(await provider.GetTokenAsync(Cancel));
                await provider.GetTokenAsync(Cancel);
            }

            return _logs.Messages(70).Count();
        }
    }

    [Fact]
    public async Task The_credential_says_when_its_token_is_to_be_renewed()
    {
        var renewed = new TaskCompletionSource();
        var credential = new ScriptedCredential(
            (n, _) =>
            {
                if (n == 2)
                    renewed.SetResult();
                return new EntraToken(
                    $"e.n.t{n}",
                    _time.GetUtcNow().AddHours(24),
                    refreshOn: _time.GetUtcNow().AddHours(1)
                );
            }
        );
        using var provider = Provider(credential, EntraTokenForm.Plain);
        await provider.GetTokenAsync(Cancel);

        _time.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal("e.n.t1", (await provider.GetTokenAsync(Cancel)).Value);
        await renewed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Theory]
    [InlineData(
        401,
        "exchanges no Microsoft Entra token for provider 'AzureSpeechEntra' (401 PermissionDenied). Check that the credential's principal has the role 'Cognitive Services Speech User' at "
            + "the resource (Owner and Contributor give no access to data; a new role takes up to five minutes), that Endpoint is the custom domain of that resource, and that its network rules "
            + "allow this machine. The next call tries again.",
        true
    )]
    [InlineData(
        404,
        "does not serve provider 'AzureSpeechEntra' (404 PermissionDenied). Check AzureSpeechEntraOptions.Endpoint.",
        false
    )]
    public async Task A_refused_exchange_says_what_is_missing(int status, string message, bool isTransient)
    {
        _endpoint.Answers(() =>
            ScriptedEndpoint.Reply(
                (HttpStatusCode)status,
                """{"error":{"code":"PermissionDenied","message":"Principal does not have access to API/Operation."}}"""
            )
        );
        using var provider = Provider(new ScriptedCredential(_time, "e.n.t1", "e.n.t2"), EntraTokenForm.Exchanged);

        var failure = await FailureAsync(provider);

        Assert.Equal("Azure Speech's token endpoint contoso.cognitiveservices.azure.com " + message, failure.Message);
        Assert.Equal(isTransient, failure.IsTransient);
        Assert.Equal(status == 401 ? 2 : 1, _endpoint.Requests.Count); // with a newer Entra token where that may help
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_credential_that_fails_says_so_and_whether_it_may_help_to_try_again(bool isOfTheNetwork)
    {
        var cause = new InvalidOperationException(
            "not signed in",
            isOfTheNetwork ? new HttpRequestException("no route") : null
        );
        using var provider = Provider(new ScriptedCredential((_, _) => throw cause), EntraTokenForm.Plain);

        var failure = await FailureAsync(provider);

        Assert.Equal(
            "The Azure credential of provider 'AzureSpeechEntra' gave no token for https://cognitiveservices.azure.com/.default: it threw InvalidOperationException, which is the inner "
                + "exception. Check the credential's settings, or sign in again.",
            failure.Message
        );
        Assert.Equal((cause, isOfTheNetwork), (failure.InnerException, failure.IsTransient));
    }

    /// <summary>Status, body, media type, code.</summary>
    public static TheoryData<int, string, string, string> Causes =>
        new()
        {
            {
                401,
                """{"error":{"code":"PermissionDenied","message":"…"}}""",
                "application/json",
                "entra-role-missing"
            },
            { 401, "", "application/json", "entra-exchange-refused" },
            { 400, "Bad Request", "text/plain", "entra-exchange-refused" },
            {
                403,
                """{"error":{"code":"403","message":"Access denied due to Virtual Network/Firewall rules."}}""",
                "application/json",
                "azure-network-rules"
            },
            { 403, """{"error":{"message":"Out of call volume quota."}}""", "application/json", "azure-quota-used-up" },
            { 401, "<html>Sign in</html>", "text/html", "firewall-page" },
            { 200, "<html>Welcome</html>", "text/html", "firewall-page" },
            { 200, "no token", "text/plain", "azure-invalid-response" },
            { 404, "", "application/json", "azure-address-wrong" },
            { 302, "", "text/html", "redirected" },
            { 407, "", "text/html", "proxy-refused" },
            { 429, "", "application/json", "too-many-requests" },
            { 503, "", "application/json", "endpoint-failed" },
        };

    [Theory, MemberData(nameof(Causes))]
    public async Task A_failed_exchange_has_a_code_as_an_exception_and_as_a_finding(
        int status,
        string body,
        string type,
        string code
    )
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body, type));
        using var asked = Provider(new ScriptedCredential(_time, "e.n.t1"), EntraTokenForm.Exchanged);
        using var probed = Provider(new ScriptedCredential(_time, "e.n.t1"), EntraTokenForm.Exchanged);

        var failure = await FailureAsync(asked);
        var report = await _time.AdvanceUntilAsync(
            probed.ProbeAsync(cancellationToken: Cancel),
            TimeSpan.FromMilliseconds(50),
            2_000
        );

        Assert.Equal($"urn:tokenauth:{code}", failure.HelpLink);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((code, TokenFindingSeverity.Error), (finding.Code, finding.Severity));
        Assert.NotEmpty(finding.Remedy);
    }

    [Theory]
    [InlineData("not\na token", "has the character U+000A at position 3; only U+0021 to U+007E are allowed")]
    [InlineData("", "is empty")]
    public async Task A_credential_that_gives_no_usable_token_is_named(string token, string error)
    {
        using var provider = Provider(new ScriptedCredential(_time, token), EntraTokenForm.Plain);

        var failure = await FailureAsync(provider);

        Assert.Equal(
            $"The Azure credential of provider 'AzureSpeechEntra' gave a token that {error}. Check what the credential is, and the credential itself where it is the application's own.",
            failure.Message
        );
        Assert.Equal("urn:tokenauth:entra-credential-failed", failure.HelpLink);
        Assert.False(failure.IsTransient);
    }

    [Theory]
    [InlineData(
        EntraTokenForm.Composite,
        "https://westeurope.tts.speech.microsoft.com/cognitiveservices/voices/list",
        $"Bearer aad#{ResourceId}#e.n.t1"
    )]
    [InlineData(
        EntraTokenForm.Plain,
        "https://contoso.cognitiveservices.azure.com/speechtotext/transcriptions/locales?api-version=2025-10-15",
        "Bearer e.n.t1"
    )]
    [InlineData(
        EntraTokenForm.Exchanged,
        "https://contoso.cognitiveservices.azure.com/tts/cognitiveservices/voices/list",
        "Bearer a.b.c"
    )]
    public async Task A_probe_calls_the_service_in_the_providers_form(
        EntraTokenForm form,
        string address,
        string bearer
    )
    {
        _endpoint.Answer = (_, _) => Task.FromResult(ScriptedEndpoint.Text("a.b.c"));
        using var provider = Provider(new ScriptedCredential(_time, "e.n.t1"), form);

        var report = await provider.ProbeAsync(new TokenProbeOptions { CallService = true }, Cancel);

        Assert.True(report.Works);
        Assert.Empty(report.Findings);
        var call = _endpoint.Requests[^1];
        Assert.Equal(("GET", address, bearer), (call.Method, call.Address, call.Headers["Authorization"]));
    }

    [Theory]
    [InlineData(401, "", "application/json", "entra-token-refused-by-service")]
    [InlineData(401, """{"error":{"code":"PermissionDenied"}}""", "application/json", "entra-role-missing")]
    [InlineData(403, "", "application/json", "azure-service-forbidden")]
    [InlineData(
        403,
        """{"error":{"message":"Out of call volume quota."}}""",
        "application/json",
        "azure-quota-used-up"
    )]
    [InlineData(401, "<html>", "text/html", "firewall-page")]
    [InlineData(404, "", "application/json", "azure-service-not-found")]
    [InlineData(429, "", "application/json", "too-many-requests")]
    [InlineData(500, "", "application/json", "azure-service-failed")]
    public async Task What_the_service_says_of_an_Entra_token_has_a_code(
        int status,
        string body,
        string type,
        string code
    )
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body, type));
        using var provider = Provider(new ScriptedCredential(_time, "e.n.t1"), EntraTokenForm.Composite);

        var report = await provider.ProbeAsync(new TokenProbeOptions { CallService = true }, Cancel);

        Assert.True(report.Works);
        Assert.Equal(code, Assert.Single(report.Findings).Code);
        Assert.DoesNotContain("e.n.t1", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_without_words_lists_every_cause()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized));
        using var provider = Provider(new ScriptedCredential(_time, "e.n.t1"), EntraTokenForm.Composite);

        var report = await provider.ProbeAsync(new TokenProbeOptions { CallService = true }, Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(
            "Provider 'AzureSpeechEntra' has a token in the form Composite, and westeurope.tts.speech.microsoft.com refused it (401).",
            finding.Message
        );
        Assert.Equal(
            "The response is the same for several causes. A missing role: Give the credential's principal the role 'Cognitive Services Speech User' at the resource: Owner and Contributor "
                + "give no access to data, and a new role takes up to five minutes. No custom domain: create one at the resource under Networking. Another resource: compare "
                + "AzureSpeechEntraOptions.ResourceId with the resource's Properties. Another form: Composite is for synthesis, voices and short audio, Plain for /speechtotext/ at the custom domain.",
            finding.Remedy
        );
    }

    [Fact]
    public async Task A_probe_asks_the_credential_whatever_is_cached()
    {
        var credential = new ScriptedCredential(_time, "e.n.t1", "e.n.t2");
        using var provider = Provider(credential, EntraTokenForm.Plain);
        await provider.GetTokenAsync(Cancel);

        var report = await provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal((true, _time.GetUtcNow().AddHours(1)), (report.Works, report.ExpiresAt));
        Assert.Empty(report.Findings);
        Assert.Equal(2, credential.Requests.Count);
    }

    [Fact]
    public void It_prints_without_secrets()
    {
        using var provider = Provider(new ScriptedCredential(_time, "e.n.t1"), EntraTokenForm.Composite);

        Assert.Equal("AzureSpeechEntraTokenProvider 'AzureSpeechEntra'", provider.ToString());
        Assert.Equal(
            "AzureSpeechEntraOptions (Composite, https://contoso.cognitiveservices.azure.com/)",
            Options(EntraTokenForm.Composite).ToString()
        );
    }

    private static AzureSpeechEntraOptions Options(EntraTokenForm form) =>
        new()
        {
            Endpoint = new Uri("https://contoso.cognitiveservices.azure.com/"),
            ResourceId = ResourceId,
            Region = "westeurope",
            Form = form,
        };

    private AzureSpeechEntraTokenProvider Provider(TokenCredential credential, EntraTokenForm form) =>
        new(Options(form), credential, _endpoint.Client, _time, _logs);

    private async Task<TokenAcquisitionException> FailureAsync(AzureSpeechEntraTokenProvider provider) =>
        await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            _time.AdvanceUntilAsync(provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(50))
        );
}
