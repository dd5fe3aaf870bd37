using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace TokenAuth;

/// <summary>Reads the region that a token of <c>issueToken</c> names in its claim <c>region</c> (RFC 7519), for a resource that says none.</summary>
internal static class JwtRegion
{
    private const int LongestName = 40;

    /// <summary>Null when the token does not say, or says something that is no region's name.</summary>
    public static string? Of(string token)
    {
        if (token.Split('.') is not [_, var claims, _])
            return null;

        try
        {
            using var document = JsonDocument.Parse(WebEncoders.Base64UrlDecode(claims));

            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("region", out var claim)
                && claim.ValueKind == JsonValueKind.String
                && claim.GetString() is { Length: > 0 and <= LongestName } region
                && region.All(char.IsAsciiLetterOrDigit)
                ? region
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null; // opaque text is a token too; half a surrogate pair is no text
        }
    }
}
