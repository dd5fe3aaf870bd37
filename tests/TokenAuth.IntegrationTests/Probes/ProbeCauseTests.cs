using System.Net;
using System.Text.RegularExpressions;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Probes;

/// <summary>
/// Each cause that a probe tells apart, provoked over sockets, and its code. Causes that a vendor answers alike have one, whose remedy lists them.
/// </summary>
public sealed class ProbeCauseTests
{
    private const string WrongKey =
        """{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}""";

    private const string KeysOff =
        """{"error":{"code":"AuthenticationTypeDisabled","message":"Key based authentication is disabled for this resource."}}""";

    private const string NetworkRules =
        """{"error":{"code":"403","message":"Access denied due to Virtual Network/Firewall rules."}}""";

    private const string Quota =
        """{"error":{"code":"403","message":"Out of call volume quota. Quota will be replenished in 02:12:11."}}""";

    private const string NoRole =
        """{"error":{"code":"PermissionDenied","message":"The principal lacks the required data action. Principal does not have access to API/Operation."}}""";

    // A lease is busy for 21 seconds (BusyLeaseTests); the rest are codes of MapSpeechToken and of the apps that ask it.
    private static readonly string[] _notOfProbes = ["lease-busy", "speech-token-", "app-"];

    private static readonly Dictionary<string, Func<ProbeScene, Task<TokenProbeReport>>> _causes = new()
    {
        ["name-not-resolved"] = scene => scene.AzureAsync("https://no-such-host.invalid/sts/v1.0/issueToken"),
        ["not-reached"] = scene => scene.AzureAsync("http://127.0.0.1:1/sts/v1.0/issueToken"),
        ["proxy-refused"] = scene => scene.AzureThroughProxyAsync(),
        ["tls-failed"] = scene => scene.AzureWithoutTrustAsync(),
        ["timed-out"] = scene => scene.AzureAsync(TokenServiceFault.Silence()),
        ["response-broken-off"] = scene => scene.AzureAsync(TokenServiceFault.TruncatedBody()),
        ["redirected"] = scene => scene.AzureAsync(TokenServiceFault.Redirect(new Uri("https://elsewhere.example/"))),
        ["firewall-page"] = scene => scene.AzureAsync(Says(HttpStatusCode.Forbidden, "<html>Blocked", "text/html")),
        ["endpoint-failed"] = scene => scene.AzureAsync(Says(HttpStatusCode.ServiceUnavailable, "")),
        ["too-many-requests"] = scene => scene.AzureAsync(Says(HttpStatusCode.TooManyRequests, "")),
        ["clock-off"] = scene => scene.AzureAsync(), // the emulator's clock is another one
        ["nothing-to-ask"] = scene => scene.ProbeAsync(new StaticTokenProvider("service-token")),
        ["source-failed"] = scene =>
        {
            scene.Client = new HttpClient(new OpaqueHandler(_ => throw new NotSupportedException("no")));
            return scene.AzureAsync();
        },
        ["useless-token"] = scene =>
        {
            scene.Options.VkCloud.RewriteReply = reply =>
                Regex.Replace(reply, "\"access_token\":\"[^\"]*\"", "\"access_token\":\"always-the-same\"");
            return scene.VkAfterUseAsync(async vk => vk.Invalidate(await vk.GetTokenAsync(Cancel)));
        },
        ["held-back"] = scene =>
        {
            scene.Vk.RefreshToken = "r-1";
            var busy = TokenServiceFault.Status(HttpStatusCode.TooManyRequests, retryAfter: "60");
            scene.Emulator.Faults.Always(TokenServiceEndpoint.VkToken, busy);
            return scene.VkAfterUseAsync(vk => vk.ProbeAsync(cancellationToken: Cancel));
        },
        ["azure-key-refused"] = scene =>
        {
            scene.Azure.SubscriptionKey = ProbeScene.Secret;
            return scene.AzureAsync();
        },
        ["azure-one-key-refused"] = scene =>
        {
            scene.Azure.SecondaryKey = scene.Emulator.AzureSpeech.SecondaryKey;
            scene.Emulator.AzureSpeech.RegenerateKey(AzureSpeechKey.Primary);
            return scene.AzureAsync();
        },
        ["azure-keys-switched-off"] = scene => scene.AzureAsync(Says(HttpStatusCode.Unauthorized, KeysOff)),
        ["azure-network-rules"] = scene => scene.AzureAsync(Says(HttpStatusCode.Forbidden, NetworkRules)),
        ["azure-quota-used-up"] = scene => scene.AzureAsync(Says(HttpStatusCode.Forbidden, Quota)),
        ["azure-not-allowed"] = scene => scene.AzureAsync(Says(HttpStatusCode.BadRequest, "")),
        ["azure-address-without-path"] = scene => scene.AzureAsync(scene.Emulator.BaseAddress.AbsoluteUri),
        ["azure-address-wrong"] = scene => scene.AzureAsync($"{scene.Emulator.BaseAddress}sts/v9/issueToken"),
        ["azure-invalid-response"] = scene => scene.AzureAsync(TokenServiceFault.Garbage("no token", "text/plain")),
        ["azure-other-region"] = scene =>
        {
            scene.Azure.Region = "eastus";
            return scene.AzureAsync();
        },
        ["azure-token-refused-by-service"] = scene =>
            scene.AzureAsync(Says(HttpStatusCode.Unauthorized, WrongKey), isOfService: true),
        ["azure-service-forbidden"] = scene =>
            scene.AzureAsync(Says(HttpStatusCode.Forbidden, NetworkRules), isOfService: true),
        ["azure-service-not-found"] = scene => scene.AzureAsync(Says(HttpStatusCode.NotFound, ""), isOfService: true),
        ["azure-service-failed"] = scene =>
            scene.AzureAsync(Says(HttpStatusCode.InternalServerError, ""), isOfService: true),
        ["azure-service-not-called"] = scene =>
        {
            scene.Probe.CallService = true;
            return scene.AzureAsync(scene.Emulator.AzureTokenEndpoint.AbsoluteUri);
        },
        ["entra-credential-failed"] = scene =>
        {
            scene.CredentialError = new InvalidOperationException("nobody is signed in");
            return scene.EntraAsync(EntraTokenForm.Composite);
        },
        ["entra-exchange-refused"] = scene =>
        {
            scene.Emulator.Faults.Always(TokenServiceEndpoint.AzureToken, Says(HttpStatusCode.Unauthorized, ""));
            return scene.EntraAsync(EntraTokenForm.Exchanged);
        },
        ["entra-role-missing"] = scene =>
        {
            scene.Emulator.AzureSpeech.RevokeEntraToken(scene.EntraToken);
            return scene.EntraAsync(EntraTokenForm.Exchanged);
        },
        ["entra-token-refused-by-service"] = scene =>
        {
            scene.Probe.CallService = true;
            scene.Entra.ResourceId =
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/another";
            return scene.EntraAsync(EntraTokenForm.Composite);
        },
        ["vk-credentials-refused"] = scene =>
        {
            scene.Vk.ClientSecret = ProbeScene.Secret;
            scene.Probe.MaySpendRefreshToken = true;
            return scene.VkAsync();
        },
        ["vk-refresh-tokens-used-up"] = scene =>
        {
            scene.Options.VkCloud.RefreshTokenLimit = 0;
            scene.Probe.MaySpendRefreshToken = true;
            return scene.VkAsync();
        },
        ["vk-secret-of-other-service"] = scene =>
        {
            scene.Vk.ClientSecret = VkCloudClient.Vision.ClientId;
            return scene.VkAsync();
        },
        ["vk-refresh-token-refused"] = scene =>
        {
            scene.Vk.RefreshToken = ProbeScene.Secret;
            return scene.VkAsync();
        },
        ["vk-reauthentication-required"] = scene =>
        {
            (scene.Vk.ClientSecret, scene.Vk.RefreshToken) = (null, ProbeScene.Secret);
            return scene.VkAsync();
        },
        ["vk-refresh-token-spent"] = scene =>
        {
            scene.Probe.MaySpendRefreshToken = true;
            return scene.VkAsync();
        },
        ["vk-not-asked"] = scene => scene.VkAsync(),
        ["vk-paced"] = scene =>
        {
            scene.Probe.MaySpendRefreshToken = true;
            scene.Options.VkCloud.RewriteReply = _ => "{}";
            return scene.VkAfterUseAsync(vk => vk.ProbeAsync(scene.Probe, Cancel));
        },
        ["vk-invalid-response"] = scene =>
        {
            scene.Probe.MaySpendRefreshToken = true;
            scene.Options.VkCloud.RewriteReply = _ => "{}";
            return scene.VkAsync();
        },
        ["vk-service-not-called"] = scene =>
        {
            scene.Probe.CallService = true;
            return scene.VkAsync();
        },
        ["vk-4048"] = scene => VoiceAsync(scene, HttpStatusCode.BadRequest, """{"error":{"code":4048}}"""),
        ["vk-4049"] = scene => VoiceAsync(scene, HttpStatusCode.BadRequest, """{"error":{"code":4049}}"""),
        ["vk-unauthorized"] = scene => VoiceAsync(scene, HttpStatusCode.Unauthorized, ""),
        ["vk-forbidden"] = scene => VoiceAsync(scene, HttpStatusCode.Forbidden, ""),
        ["vk-vision-envelope"] = scene =>
            scene.VkAfterAsync(
                TokenServiceEndpoint.VkVision,
                Says(HttpStatusCode.OK, """{"status":401,"body":"authorization failed, provider: mcs"}""")
            ),
    };

    /// <summary>The repository, above tests/TokenAuth.IntegrationTests/bin/configuration/framework.</summary>
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Codes => [.. _causes.Keys];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task A_cause_that_is_provoked_has_its_code_and_a_remedy(string code)
    {
        var options = new TokenServiceEmulatorOptions
        {
            TimeProvider = code == "clock-off" ? new ManualTimeProvider() : TimeProvider.System,
        };
        await using var scene = new ProbeScene { Options = options };
        await scene.StartAsync();

        var report = await _causes[code](scene);

        var finding = Assert.Single(report.Findings, finding => finding.Code == code);
        Assert.Equal($"urn:tokenauth:{code}", finding.HelpLink.OriginalString);
        Assert.EndsWith(".", finding.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", finding.Remedy, StringComparison.Ordinal);
        foreach (var secret in new[] { ProbeScene.Secret, scene.EntraToken, scene.Azure.SubscriptionKey })
            Assert.DoesNotContain(secret, report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_code_of_the_page_that_a_probe_can_report_is_provoked()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "troubleshooting.md"));
        var anchors = Regex
            .Matches(page, "<a id=\"([^\"]+)\">")
            .Select(match => match.Groups[1].Value)
            .Where(code => !_notOfProbes.Any(other => code.StartsWith(other, StringComparison.Ordinal)));

        Assert.Equal(anchors.Order(StringComparer.Ordinal), _causes.Keys.Order(StringComparer.Ordinal));
    }

    // One text for all three: a finding cannot tell them apart, and says so.
    [Theory]
    [InlineData("wrong key")]
    [InlineData("other region")]
    [InlineData("keys switched off")]
    public async Task What_Azure_answers_alike_is_one_finding_that_lists_all(string cause)
    {
        await using var scene = new ProbeScene();
        await scene.StartAsync();
        if (cause == "wrong key")
            scene.Azure.SubscriptionKey = ProbeScene.Secret;
        else
            scene.Emulator.Faults.Always(TokenServiceEndpoint.AzureToken, Says(HttpStatusCode.Unauthorized, WrongKey));

        var report = await scene.AzureAsync();

        var finding = Assert.Single(report.Findings);
        Assert.Equal("azure-key-refused", finding.Code);
        Assert.Equal(
            "The response is the same for three causes. A wrong key: check SubscriptionKey. A wrong region or cloud: check that Region, Endpoint or TokenEndpoint is that of the key's "
                + "resource. Keys that are switched off for the resource: allow key access again (disableLocalAuth), or use Microsoft Entra.",
            finding.Remedy
        );
    }

    [Theory]
    [InlineData(EntraTokenForm.Composite)]
    [InlineData(EntraTokenForm.Plain)]
    [InlineData(EntraTokenForm.Exchanged)]
    public async Task With_Entra_a_good_resource_takes_each_form_and_a_lost_role_is_named(EntraTokenForm form)
    {
        await using var scene = new ProbeScene();
        await scene.StartAsync();
        scene.Probe.CallService = true;

        var good = await scene.EntraAsync(form);
        scene.Emulator.Faults.Always(TokenServiceEndpoint.AzureTts, Says(HttpStatusCode.Unauthorized, NoRole));
        scene.Emulator.Faults.Always(
            TokenServiceEndpoint.AzureTranscriptions,
            Says(HttpStatusCode.Unauthorized, NoRole)
        );
        var bad = await scene.EntraAsync(form);

        Assert.True(good.Works);
        Assert.Empty(good.Findings);
        Assert.True(bad.Works);
        var finding = Assert.Single(bad.Findings);
        Assert.Equal("entra-role-missing", finding.Code);
        Assert.Equal(
            $"Provider 'entra' has a token in the form {form}, and 127.0.0.1 refused it (401).",
            finding.Message
        );
        Assert.Equal(
            "Give the credential's principal the role 'Cognitive Services Speech User' at the resource: Owner and Contributor give no access to data, and a new role takes up to five minutes.",
            finding.Remedy
        );
    }

    [Fact]
    public async Task A_resource_that_works_is_found_to_work_by_a_call_of_its_service()
    {
        await using var scene = new ProbeScene();
        await scene.StartAsync();
        scene.Probe.CallService = true;

        var report = await scene.AzureAsync();

        Assert.True(report.Works);
        Assert.Empty(report.Findings);
        Assert.Equal("/tts/cognitiveservices/voices/list", Assert.Single(scene.Emulator.Ledger.DataRequests).Target);
    }

    private static Task<TokenProbeReport> VoiceAsync(ProbeScene scene, HttpStatusCode status, string body) =>
        scene.VkAfterAsync(TokenServiceEndpoint.VkVoice, Says(status, body));

    private static TokenServiceFault Says(HttpStatusCode status, string body, string type = "application/json") =>
        TokenServiceFault.Status(status, body, type);
}
