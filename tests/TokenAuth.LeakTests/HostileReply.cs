using System.Globalization;
using System.Text;
using System.Text.Json;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.LeakTests;

/// <summary>Answers of a token endpoint that repeat a secret wherever one can stand.</summary>
internal static class HostileReply
{
    public static readonly IReadOnlyList<string> Shapes =
    [
        "error",
        "code",
        "error in hexadecimal",
        "error in base64url",
        "nested code",
        "description",
        "HTML",
        "reason phrase",
        "headers",
        "charset",
        "token with white space",
        "token twice",
        "unknown members",
        "text",
    ];

    public static string Of(int status, string shape, string secret) =>
        shape switch
        {
            "error" => Json(
                status,
                new
                {
                    error = secret,
                    error_description = secret,
                    message = secret,
                }
            ),
            "code" => Json(status, new { code = secret, message = secret }),
            "error in hexadecimal" => Json(
                status,
                new { error = Convert.ToHexString(Encoding.UTF8.GetBytes(secret[..24])) }
            ),
            "error in base64url" => Json(
                status,
                new
                {
                    error = Convert
                        .ToBase64String(Encoding.UTF8.GetBytes(secret[..24]))
                        .Replace('+', '-')
                        .Replace('/', '_'),
                }
            ),
            "nested code" => Json(status, new { error = new { code = secret, message = secret } }),
            "description" => Json(status, new { error = "invalid_client", error_description = secret }),
            "HTML" => RawOrigin.Reply(status, $"<html><body>{secret}</body></html>", "Content-Type: text/html\r\n"),
            "reason phrase" => string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {status} {secret}\r\nContent-Length: 0\r\n\r\n"
            ),
            "headers" => RawOrigin.Reply(
                status,
                headers: $"Location: https://elsewhere.example/{secret}?{secret}\r\nRetry-After: {secret}\r\nWWW-Authenticate: Bearer {secret}\r\nX-Echo: {secret}\r\n"
            ),
            "charset" => RawOrigin.Reply(
                status,
                secret,
                $"Content-Type: application/json; charset=\"{secret[..24]}\"\r\n"
            ),
            "token with white space" => Json(
                status,
                new { access_token = secret + "\n", refresh_token = " " + secret }
            ),
            "token twice" => RawOrigin.Json(
                status,
                $$"""{"access_token":{{JsonSerializer.Serialize(secret)}},"access_token":{{JsonSerializer.Serialize(secret)}}}"""
            ),
            "unknown members" => RawOrigin.Json(
                status,
                $"{{{JsonSerializer.Serialize(secret)}:1,\"status\":401,\"body\":{JsonSerializer.Serialize(secret)}}}"
            ),
            _ => RawOrigin.Reply(status, secret, "Content-Type: text/plain\r\n"),
        };

    private static string Json(int status, object body) => RawOrigin.Json(status, JsonSerializer.Serialize(body));
}
