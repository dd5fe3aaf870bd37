using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>Vision's envelope: on an error its body is a string.</summary>
internal static class VkVisionResponse
{
    private const int EchoedCharacters = 24;

    public static Task AnswerAsync(HttpContext context, JsonObject body) =>
        WriteAsync(context, StatusCodes.Status200OK, StatusCodes.Status200OK, body);

    public static Task RefuseAsync(HttpContext context, VkCloudEmulatorOptions rules, int status, string body)
    {
        // Whether the HTTP status follows the envelope's, nobody has said.
        var httpStatus = (int)rules.VisionUnauthorizedStatusCode == StatusCodes.Status200OK ? 200 : status;
        return WriteAsync(context, httpStatus, status, JsonValue.Create(body));
    }

    // As documented, the first 24 characters of the token included.
    public static string Unauthorized(string provider, string token) =>
        Failed(provider, token, "CONDITION/UNAUTHORIZED, Access Token invalid");

    public static string Forbidden(string provider, string token, string reason) =>
        Failed(provider, token, $"CONDITION/FORBIDDEN, {reason}");

    private static string Failed(string provider, string token, string reason) =>
        $"authorization failed, provider: {provider}, token: {token[..Math.Min(token.Length, EchoedCharacters)]}(...), "
        + $"reason: {reason}";

    private static Task WriteAsync(HttpContext context, int httpStatus, int status, JsonNode body) =>
        EmulatedResponse.JsonAsync(
            context,
            httpStatus,
            new JsonObject
            {
                ["status"] = status,
                ["body"] = body,
                ["htmlencoded"] = false,
                ["last_modified"] = 0,
            }
        );
}
