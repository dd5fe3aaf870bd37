namespace TokenAuth;

/// <summary>
/// Tells the response of an API (JSON, plain text, or no body) from a page that a firewall, a proxy or a sign-in portal puts in its
/// place. Only the API itself can refuse a credential.
/// </summary>
internal static class ApiResponse
{
    public static bool Is(string? text, string? mediaType)
    {
        if (text is null)
            return IsJson(mediaType); // too long, or in an encoding that cannot be read

        var body = text.AsSpan().Trim();
        if (body.IsEmpty || body[0] is '{' or '[')
            return true;

        return body[0] != '<' && (mediaType is null || IsJson(mediaType) || IsType(mediaType, "text/plain"));
    }

    private static bool IsJson(string? mediaType) =>
        mediaType is not null
        && (
            IsType(mediaType, "application/json")
            || IsType(mediaType, "text/json")
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsType(string mediaType, string expected) =>
        string.Equals(mediaType, expected, StringComparison.OrdinalIgnoreCase);
}
