using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenAuth.Testing;

/// <summary>Makes tokens that look as Azure's do; the signature is random, as nobody may verify it.</summary>
internal static class AzureSpeechJwt
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Create(AzureSpeechEmulatorOptions options, string scope, DateTimeOffset expiresAt)
    {
        var seconds = expiresAt.ToUnixTimeSeconds();
        var header = new JsonObject
        {
            ["alg"] = "ES256",
            ["kid"] = "key1",
            ["typ"] = "JWT",
        };
        // There is no "iat".
        var payload = new JsonObject
        {
            ["region"] = options.Region,
            ["subscription-id"] = "00000000000000000000000000000000",
            ["product-id"] = "SpeechServices.S0",
            ["cognitive-services-endpoint"] = "https://api.cognitive.microsoft.com/internal/v1.0/",
            ["scope"] = Claim(options.ClaimShape, scope),
            ["aud"] = Claim(options.ClaimShape, "urn:ms.speechservices." + options.Region),
            ["exp"] =
                options.ExpiryShape == AzureSpeechExpiryShape.Number
                    ? seconds
                    : seconds.ToString(CultureInfo.InvariantCulture),
            ["iss"] = "urn:ms.cognitiveservices",
        };
        return $"{Encode(header)}.{Encode(payload)}.{Encode(RandomNumberGenerator.GetBytes(64))}";
    }

    private static JsonNode Claim(AzureSpeechClaimShape shape, string value) =>
        shape == AzureSpeechClaimShape.Text ? JsonValue.Create(value) : new JsonArray(JsonValue.Create(value));

    private static string Encode(JsonObject part) => Encode(Encoding.UTF8.GetBytes(part.ToJsonString(s_json)));

    // System.Buffers.Text.Base64Url does not exist in .NET 8.
    private static string Encode(byte[] part) =>
        Convert.ToBase64String(part).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
