using System.Text.Json;

namespace TokenAuth;

/// <summary>
/// The word an endpoint has for its error. The one thing of an answer that reaches a message, so it must look like a code and
/// must not be part of a secret that the endpoint echoes.
/// </summary>
internal static class EndpointErrorCode
{
    private const int MaxLength = 40;
    private const int MaxDigits = 8;
    private const int TellingLength = 5; // four characters in common give nothing away

    // RFC 6749 sections 4.1.2.1 and 5.2: these mean nothing but themselves, whatever a secret looks like.
    private static readonly HashSet<string> _standard = new(StringComparer.Ordinal)
    {
        "access_denied",
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_grant_type",
        "unsupported_response_type",
    };

    /// <summary>
    /// Words in at most 40 letters and <c>_ - .</c>, then at most eight digits; null when the answer has no such code. A token or a key,
    /// in whatever encoding, has digits in between and capitals anywhere.
    /// </summary>
    public static string? Read(string? text, IEnumerable<string?> secrets)
    {
        string? error = null;
        var json = text is null ? null : JsonResponse.Read(text, ["error", "code"], out error);
        if (error is not null)
            return null;

        var code = json?.Text("error") ?? json?.Text("code") ?? Nested(json?.Value("error"));

        return code is not null && IsCode(code) && !secrets.Any(s => Shows(code, s)) ? code : null;
    }

    // Azure's: {"error":{"code":"401","message":"…"}}, with a number in some services.
    private static string? Nested(JsonElement? error) =>
        error is not { } value || JsonValue.Member(value, "code") is not { } code ? null
        : code.ValueKind == JsonValueKind.Number ? code.GetRawText()
        : JsonValue.Text(code);

    private static bool IsCode(string code)
    {
        var words = code.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

        return words.Length <= MaxLength
            && code.Length - words.Length <= MaxDigits
            && words.Split('_', '-', '.').All(word => word.All(IsUpper) || IsCamelCase(word));
    }

    private static bool IsCamelCase(string word)
    {
        for (var i = 0; i < word.Length; i++)
            if (!IsLower(word[i]) && !(IsUpper(word[i]) && i + 1 < word.Length && IsLower(word[i + 1])))
                return false;

        return true;
    }

    private static bool IsUpper(char c) => c is >= 'A' and <= 'Z';

    private static bool IsLower(char c) => c is >= 'a' and <= 'z';

    // Endpoints are known to echo the first 24 characters.
    private static bool Shows(string code, string? secret)
    {
        if (string.IsNullOrEmpty(secret))
            return false;
        if (_standard.Contains(code))
            return string.Equals(code, secret, StringComparison.OrdinalIgnoreCase);

        var telling = Math.Min(TellingLength, secret!.Length);
        for (var i = 0; i + telling <= secret.Length; i++)
            if (code.AsSpan().IndexOf(secret.AsSpan(i, telling), StringComparison.OrdinalIgnoreCase) >= 0)
                return true;

        return false;
    }
}
