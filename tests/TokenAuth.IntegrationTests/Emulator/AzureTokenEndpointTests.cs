using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

public sealed class AzureTokenEndpointTests : EmulatorFixture
{
    private const string WrongKey =
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.";

    private AzureSpeechEmulatorOptions Rules => Emulator.Options.AzureSpeech;

    [Fact]
    public async Task A_token_is_a_raw_jwt_that_tells_when_it_ends()
    {
        using var response = await Client.IssueTokenAsync(Emulator.AzureSpeech.PrimaryKey);
        var jwt = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var claims = Claims(jwt);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds(), (long?)claims["exp"]);
        Assert.Equal("urn:ms.speechservices.westeurope", (string?)claims["aud"]);
        Assert.Equal("speechservices", (string?)claims["scope"]);
        Assert.False(claims.ContainsKey("iat"));
    }

    [Fact]
    public async Task Older_tokens_have_text_for_a_number_and_arrays_for_text()
    {
        Rules.ExpiryShape = AzureSpeechExpiryShape.Text;
        Rules.ClaimShape = AzureSpeechClaimShape.Array;

        var claims = Claims(await Client.AzureTokenAsync());

        Assert.Equal($"\"{Clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds()}\"", claims["exp"]!.ToJsonString());
        Assert.Equal("""["speechservices"]""", claims["scope"]!.ToJsonString());
        Assert.Equal("""["urn:ms.speechservices.westeurope"]""", claims["aud"]!.ToJsonString());
    }

    [Theory]
    [InlineData(AzureSpeechErrorShape.Gateway, """{"error":{"code":"401","message":"MESSAGE"}}""")]
    [InlineData(AzureSpeechErrorShape.StatusCode, """{ "statusCode": 401, "message": "MESSAGE" }""")]
    [InlineData(AzureSpeechErrorShape.Translator, """{"error":{"code":401001,"message":"MESSAGE"}}""")]
    public async Task A_wrong_key_is_refused_as_documented(AzureSpeechErrorShape shape, string expected)
    {
        Rules.ErrorShape = shape;

        using var response = await Client.IssueTokenAsync("wrong");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal(
            expected.Replace("MESSAGE", WrongKey, StringComparison.Ordinal),
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [InlineData("westeurope.api.cognitive.microsoft.com", 200)]
    [InlineData("northeurope.api.cognitive.microsoft.com", 401)]
    [InlineData("northeurope.stt.speech.microsoft.com", 404)]
    [InlineData("mine.cognitiveservices.azure.com", 200)]
    [InlineData("localhost", 200)]
    public async Task Another_region_refuses_the_key(string host, int status)
    {
        using var response = await Client.IssueTokenAsync(Emulator.AzureSpeech.PrimaryKey, host);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Both_keys_are_good_until_they_are_regenerated()
    {
        var primary = Emulator.AzureSpeech.PrimaryKey;
        var secondary = Emulator.AzureSpeech.SecondaryKey;
        Assert.Equal(200, await StatusAsync(primary));
        Assert.Equal(200, await StatusAsync(secondary));

        var renewed = Emulator.AzureSpeech.RegenerateKey(AzureSpeechKey.Primary);

        Assert.Equal(renewed, Emulator.AzureSpeech.PrimaryKey);
        Assert.Equal(401, await StatusAsync(primary));
        Assert.Equal(200, await StatusAsync(renewed));
        Assert.Equal(200, await StatusAsync(secondary));
    }

    [Fact]
    public async Task A_regenerated_key_may_die_hours_later()
    {
        var old = Emulator.AzureSpeech.SecondaryKey;

        Emulator.AzureSpeech.RegenerateKey(AzureSpeechKey.Secondary, TimeSpan.FromHours(2));

        Assert.Equal(200, await StatusAsync(old));
        Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(401, await StatusAsync(old));
    }

    [Fact]
    public async Task A_chunked_request_has_no_length()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Emulator.AzureTokenEndpoint);
        request.Content = new ByteArrayContent([]);
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.PrimaryKey);

        using var response = await Client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(411, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(
            "<h2>Length Required</h2>",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_path_of_2018_works_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Emulator.AzureTokenEndpoint2018);
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.PrimaryKey);

        using var response = await Client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static JsonObject Claims(string jwt)
    {
        var parts = jwt.Split('.');
        Assert.Equal(3, parts.Length);
        Assert.All(parts, part => Assert.Matches("^[A-Za-z0-9_-]+$", part));
        var payload = parts[1].Replace('-', '+').Replace('_', '/');
        payload += new string('=', (4 - payload.Length % 4) % 4);
        return JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(payload)))!.AsObject();
    }

    private async Task<int> StatusAsync(string key)
    {
        using var response = await Client.IssueTokenAsync(key);
        return (int)response.StatusCode;
    }
}
