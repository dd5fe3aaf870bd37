using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>The vendors' host names differ in the paths that they have and in the credentials that they take.</summary>
public sealed class VendorHostTests : EmulatorFixture
{
    private const string Management = "westeurope.api.cognitive.microsoft.com";
    private const string Custom = "mine.cognitiveservices.azure.com";
    private const string ManagementScope = "speechservicesmanagement";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AzureSpeechClaimShape.Text, "\"speechservicesmanagement\"")]
    [InlineData(AzureSpeechClaimShape.Array, """["speechservicesmanagement"]""")]
    public async Task A_token_has_the_scope_that_was_asked_for(AzureSpeechClaimShape shape, string claim)
    {
        Emulator.Options.AzureSpeech.ClaimShape = shape;

        var payload = (await TokenAsync(ManagementScope)).Split('.')[1].Replace('-', '+').Replace('_', '/');

        payload = payload.PadRight((payload.Length + 3) / 4 * 4, '=');
        var claims = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(payload)))!;
        Assert.Equal(claim, claims["scope"]!.ToJsonString());
    }

    [Theory]
    [InlineData(Management, null, 401)]
    [InlineData(Management, "speechservices", 401)]
    [InlineData(Management, ManagementScope, 200)]
    [InlineData(Custom, null, 200)]
    [InlineData(Custom, ManagementScope, 200)]
    [InlineData(null, null, 200)]
    public async Task Only_a_token_for_management_is_good_at_the_management_host(
        string? host,
        string? scope,
        int status
    )
    {
        Assert.Equal(status, await SendAsync("GET", host, "speechtotext/transcriptions", await TokenAsync(scope)));
    }

    [Fact]
    public async Task A_key_is_good_at_the_management_host()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At("speechtotext/transcriptions"));
        request.Headers.Host = Management;
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.PrimaryKey);

        using var response = await Client.Http.SendAsync(request, Stop);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(Management, "sts/v1.0/issueToken")]
    [InlineData("westeurope.stt.speech.microsoft.com", "v1.0/issueToken")]
    public async Task A_regional_host_exchanges_no_Entra_token(string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At(path));
        request.Content = new ByteArrayContent([]);
        request.Headers.Host = host;
        request.Headers.Authorization = new("Bearer", Emulator.AzureSpeech.CreateEntraToken());

        using var response = await Client.Http.SendAsync(request, Stop);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            """{"error":{"code":"BadRequest","message":"Please provide a custom subdomain for token authentication, otherwise API key is required."}}""",
            await response.Content.ReadAsStringAsync(Stop)
        );
        Assert.Equal(0, Emulator.Ledger.AccessTokensMinted);
    }

    [Theory]
    [InlineData(Custom, "", 200)]
    [InlineData("mine.services.ai.azure.com", "", 200)]
    [InlineData(null, "", 200)]
    [InlineData(Management, "", 400)]
    [InlineData(Custom, "no role", 401)]
    public async Task A_plain_Entra_token_is_good_at_a_custom_domain_only(string? host, string suffix, int status)
    {
        var token = Emulator.AzureSpeech.CreateEntraToken() + suffix;

        Assert.Equal(status, await SendAsync("GET", host, "speechtotext/transcriptions", token));
        Assert.Equal(status, await SendAsync("POST", host, "sts/v1.0/issueToken", token));
    }

    // 405 and 415 are from a path that is there.
    [Theory]
    [InlineData(null, "cognitiveservices/v1", 415)]
    [InlineData("localhost", "cognitiveservices/v1", 415)]
    [InlineData("emulator", "tts/cognitiveservices/v1", 415)]
    [InlineData("westeurope.tts.speech.microsoft.com", "cognitiveservices/v1", 415)]
    [InlineData("westeurope.tts.speech.microsoft.com", "speech/recognition/conversation/cognitiveservices/v1", 404)]
    [InlineData("westeurope.stt.speech.microsoft.com", "cognitiveservices/v1", 404)]
    [InlineData("westeurope.stt.speech.azure.cn", "speechtotext/transcriptions", 404)]
    [InlineData("westeurope.stt.speech.microsoft.com", "sts/v1.0/issueToken", 404)]
    [InlineData("westeurope.s2s.speech.microsoft.com", "v1.0/issueToken", 400)]
    [InlineData(Management, "cognitiveservices/v1", 404)]
    [InlineData(Management, "v1.0/issueToken", 404)]
    [InlineData(Management, "speechtotext/transcriptions", 405)]
    [InlineData(Custom, "cognitiveservices/v1", 404)]
    [InlineData(Custom, "speech/recognition/conversation/cognitiveservices/v1", 404)]
    [InlineData(Custom, "tts/cognitiveservices/v1", 415)]
    [InlineData(Custom, "speechtotext/transcriptions", 405)]
    [InlineData("mine.services.ai.azure.com", "cognitiveservices/v1", 404)]
    [InlineData("mine.services.ai.azure.com", "tts/cognitiveservices/v1", 415)]
    [InlineData("MINE.CognitiveServices.Azure.US", "cognitiveservices/v1", 404)]
    [InlineData("voice.mcs.mail.ru", "asr", 400)]
    [InlineData("voice.mcs.mail.ru", "auth/oauth/v1/token", 404)]
    [InlineData("mcs.mail.ru", "auth/oauth/v1/token", 400)]
    [InlineData("mcs.mail.ru", "asr", 404)]
    [InlineData("smarty.mail.ru", "api/v1/objects/detect", 200)]
    [InlineData("smarty.mail.ru", "asr", 404)]
    public async Task A_host_has_the_paths_of_its_service_only(string? host, string path, int status)
    {
        var bearer = $"aad#{Emulator.Options.AzureSpeech.ResourceId}#{Emulator.AzureSpeech.CreateEntraToken()}";

        Assert.Equal(status, await SendAsync("POST", host, path, bearer));
    }

    private async Task<string> TokenAsync(string? scope)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            At("sts/v1.0/issueToken" + (scope is null ? "" : "?scope=" + scope))
        );
        request.Content = new ByteArrayContent([]);
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.PrimaryKey);
        using var response = await Client.Http.SendAsync(request, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    private async Task<int> SendAsync(string method, string? host, string path, string bearer)
    {
        using var request = new HttpRequestMessage(new(method), At(path));
        request.Headers.Host = host;
        request.Headers.Authorization = new("Bearer", bearer);
        request.Content = method == "POST" ? new ByteArrayContent([]) : null;
        using var response = await Client.Http.SendAsync(request, Stop);
        return (int)response.StatusCode;
    }

    private Uri At(string path) => new(Emulator.BaseAddress, path);
}
