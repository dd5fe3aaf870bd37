using System.Net;
using System.Text.RegularExpressions;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Probes;

/// <summary>Each text that <c>docs/troubleshooting.md</c> offers to a search is met over a socket, and leads to a code of its row.</summary>
public sealed class SearchTextTests
{
    // The Speech SDK's own words, of which TokenAuth sees nothing; the status is that of issueToken without a length, which TokenAuth sends.
    private static readonly string[] _ofOthers =
    [
        "WebSocket upgrade failed: Authentication error (401)",
        "Unable to contact server. StatusCode: 1006",
        "Length Required",
        "411",
    ];

    private static readonly Dictionary<string, Func<ProbeScene, string, Task<TokenProbeReport>>> _texts = new()
    {
        ["Access denied due to invalid subscription key or wrong API endpoint"] = Azure(HttpStatusCode.Unauthorized),
        ["4429"] = Azure(HttpStatusCode.TooManyRequests),
        ["Too Many Requests"] = Azure(HttpStatusCode.TooManyRequests),
        ["429"] = Azure(HttpStatusCode.TooManyRequests),
        ["Resource not found"] = Azure(HttpStatusCode.NotFound),
        ["404"] = Azure(HttpStatusCode.NotFound),
        ["Forbidden"] = Azure(HttpStatusCode.Forbidden),
        ["403"] = Azure(HttpStatusCode.Forbidden),
        ["Access denied due to Virtual Network/Firewall rules"] = Azure(HttpStatusCode.Forbidden),
        ["Public access is disabled"] = Azure(HttpStatusCode.Forbidden),
        ["Out of call volume quota"] = Azure(HttpStatusCode.Forbidden),
        ["AuthenticationTypeDisabled"] = Azure(HttpStatusCode.Unauthorized),
        ["Key based authentication is disabled for this resource"] = Azure(HttpStatusCode.Forbidden),
        ["PermissionDenied"] = Entra(HttpStatusCode.Unauthorized),
        ["Principal does not have access to API/Operation"] = Entra(HttpStatusCode.Unauthorized),
        ["lacks the required data action"] = Entra(HttpStatusCode.Unauthorized),
        ["DefaultAzureCredential failed to retrieve a token"] = Credential,
        ["Please run 'az login'"] = Credential,
        ["Proxy Authentication Required"] = (scene, _) => scene.AzureThroughProxyAsync(),
        ["407"] = (scene, _) => scene.AzureThroughProxyAsync(),
        ["4048"] = (scene, text) => VoiceAsync(scene, $$$"""{"error":{"code":{{{text}}}}}"""),
        ["4049"] = (scene, text) => VoiceAsync(scene, $$$"""{"error":{"code":{{{text}}}}}"""),
        ["authorization failed, provider: mcs"] = VisionAsync,
        ["CONDITION/UNAUTHORIZED, Access Token invalid"] = VisionAsync,
        ["invalid_client"] = VkAsync,
        ["unauthorized_client"] = VkAsync,
        ["invalid_grant"] = (scene, text) =>
        {
            scene.Vk.RefreshToken = ProbeScene.Secret;
            return VkAsync(scene, text);
        },
        ["The remote certificate is invalid"] = (scene, _) => scene.AzureWithoutTrustAsync(),
        ["The SSL connection could not be established"] = (scene, _) => scene.AzureWithoutTrustAsync(),
    };

    private static readonly Dictionary<string, string[]> _codesOfRows = CodesOfRows();

    public static TheoryData<string> Texts => [.. _texts.Keys];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_leads_to_a_code_of_its_row(string text)
    {
        await using var scene = new ProbeScene();
        await scene.StartAsync();

        var report = await _texts[text](scene, text);

        Assert.Contains(report.Findings, finding => _codesOfRows[text].Contains(finding.Code, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_text_of_the_page_is_met() =>
        Assert.Equal(
            _codesOfRows.Keys.Order(StringComparer.Ordinal),
            _texts.Keys.Concat(_ofOthers).Order(StringComparer.Ordinal)
        );

    private static Dictionary<string, string[]> CodesOfRows()
    {
        var table = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "troubleshooting.md"))
            .Split("## Texts to search for")[1]
            .Split("\n## ")[0];

        return table
            .Split('\n')
            .Where(row => row.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(row =>
                Regex
                    .Matches(row.Split(" | ")[0], "`([^`]+)`")
                    .Select(text => (text.Groups[1].Value, Codes: LinksIn(row)))
            )
            .ToDictionary(pair => pair.Value, pair => pair.Codes, StringComparer.Ordinal);
    }

    private static string[] LinksIn(string row) =>
        [.. Regex.Matches(row, @"\(#([^)]+)\)").Select(link => link.Groups[1].Value)];

    private static Func<ProbeScene, string, Task<TokenProbeReport>> Azure(HttpStatusCode status) =>
        (scene, text) => scene.AzureAsync(TokenServiceFault.Status(status, Body(text)));

    private static Func<ProbeScene, string, Task<TokenProbeReport>> Entra(HttpStatusCode status) =>
        (scene, text) =>
        {
            scene.Probe.CallService = true;
            scene.Emulator.Faults.Always(TokenServiceEndpoint.AzureTts, TokenServiceFault.Status(status, Body(text)));
            return scene.EntraAsync(EntraTokenForm.Composite);
        };

    private static Task<TokenProbeReport> Credential(ProbeScene scene, string text)
    {
        scene.CredentialError = new InvalidOperationException(text);

        return scene.EntraAsync(EntraTokenForm.Composite);
    }

    private static Task<TokenProbeReport> VoiceAsync(ProbeScene scene, string body) =>
        scene.VkAfterAsync(TokenServiceEndpoint.VkVoice, TokenServiceFault.Status(HttpStatusCode.BadRequest, body));

    private static Task<TokenProbeReport> VisionAsync(ProbeScene scene, string text) =>
        scene.VkAfterAsync(
            TokenServiceEndpoint.VkVision,
            TokenServiceFault.Status(HttpStatusCode.OK, $$"""{"status":401,"body":"{{text}}"}""")
        );

    private static Task<TokenProbeReport> VkAsync(ProbeScene scene, string text)
    {
        scene.Probe.MaySpendRefreshToken = scene.Vk.RefreshToken is null;
        scene.Emulator.Faults.Always(
            TokenServiceEndpoint.VkToken,
            TokenServiceFault.Status(HttpStatusCode.BadRequest, $$"""{"error":"{{text}}"}""")
        );

        return scene.VkAsync();
    }

    private static string Body(string text) => $$$"""{"error":{"code":"{{{text}}}","message":"{{{text}}}."}}""";
}
