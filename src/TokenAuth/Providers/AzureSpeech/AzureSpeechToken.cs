using System.Text;
using System.Text.Json;

namespace TokenAuth;

/// <summary>
/// Reads a JWT far enough to use it (RFC 7519): three base64url parts and, if it says, when it expires. The signature is the
/// service's business.
/// </summary>
internal static class AzureSpeechToken
{
    /// <summary>Says what is wrong with a response's text, as the rest of a sentence; null when it is a JWT.</summary>
    public static string? Error(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "answered with nothing that could be a token";
        if (CredentialText.Error(text) is { } error)
            return $"answered with a token that {error}";

        var parts = text!.Split('.');

        return parts.Length == 3 && parts.All(part => part.Length > 0 && part.All(IsBase64Url))
            ? null
            : "answered with something that is not a JWT";
    }

    /// <summary>The <c>exp</c> claim, a number or in older tokens a string; null when the token does not say.</summary>
    public static DateTimeOffset? ExpiresAt(string jwt) =>
        Claim<DateTimeOffset?>(
            jwt,
            "exp",
            exp =>
                JsonValue.Seconds(exp) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(0).AddSeconds(seconds) : null
        );

    /// <summary>The <c>region</c> claim, in which the resource's region stands; null when the token names none.</summary>
    public static string? Region(string jwt) =>
        Claim(jwt, "region", JsonValue.Text) is { } region && AzureSpeechRegion.IsWellFormed(region) ? region : null;

    private static T? Claim<T>(string jwt, string name, Func<JsonElement, T> read)
    {
        try
        {
            using var claims = JsonDocument.Parse(Decode(jwt.Split('.')[1]));

            return JsonValue.Member(claims.RootElement, name) is { } claim ? read(claim) : default;
        }
        catch (Exception exception)
            when (exception is FormatException or JsonException or ArgumentException or IndexOutOfRangeException)
        {
            return default; // opaque text is a token too
        }
    }

    private static byte[] Decode(string part)
    {
        var base64 = new StringBuilder(part).Replace('-', '+').Replace('_', '/');

        return Convert.FromBase64String(base64.Append('=', (4 - (part.Length % 4)) % 4).ToString());
    }

    private static bool IsBase64Url(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_';
}
