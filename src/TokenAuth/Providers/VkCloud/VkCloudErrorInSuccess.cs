using System.Text.Json;

namespace TokenAuth;

/// <summary>An error inside a success: judged by its RFC 6749 word, else by the status in VK Cloud's own envelope.</summary>
/// <param name="Word">Null when it is none that is known: only those are shown.</param>
internal sealed record VkCloudErrorInSuccess(VkCloudVerdict Verdict, string? Word)
{
    private static readonly string[] _members =
    [
        "error",
        "errors",
        "error_code",
        "error_description",
        "error_message",
        "message",
        "status",
    ];

    // RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, RFC 8628 section 3.5: what the next try would meet as well.
    private static readonly HashSet<string> _refusals = new(StringComparer.OrdinalIgnoreCase)
    {
        "access_denied",
        "expired_token",
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "invalid_token",
        "unauthorized",
        "unauthorized_client",
        "unsupported_grant_type",
    };

    private static readonly HashSet<string> _passing = new(StringComparer.OrdinalIgnoreCase)
    {
        "server_error",
        "temporarily_unavailable",
    };

    /// <summary>Null when the JSON says no error.</summary>
    public static VkCloudErrorInSuccess? Read(string text)
    {
        if (JsonResponse.Read(text, _members, out var repeated) is not { } json)
            return null;
        if (Known(json) is { } word)
            return new(_refusals.Contains(word) ? VkCloudVerdict.Refused : VkCloudVerdict.Failed, word);

        return json.Seconds("status") is { } status ? OfStatus(status)
            : repeated is not null || _members.Any(name => json.Value(name) is { } value && Says(value))
                ? new(VkCloudVerdict.Doubtful, Word: null)
            : null;
    }

    /// <summary>True when the error outweighs the rest of the response. Part of a grant outweighs an unknown error.</summary>
    public bool Holds(bool isGrant) => Verdict != VkCloudVerdict.Doubtful || !isGrant;

    private static VkCloudErrorInSuccess? OfStatus(double status) =>
        status switch
        {
            400 or 401 or 403 => new(VkCloudVerdict.Refused, Word: null),
            408 or 421 or 425 or 429 => null,
            >= 400 and < 500 => new(VkCloudVerdict.Doubtful, Word: null),
            _ => null,
        };

    // Some services put the word into an object, as {"error":{"code":"…"}}.
    private static string? Known(JsonResponse json) =>
        (json.Text("error") ?? Code(json.Value("error"))) is { } error
        && (_refusals.Contains(error) || _passing.Contains(error))
            ? error
            : null;

    private static string? Code(JsonElement? error) =>
        error is { } value && JsonValue.Member(value, "code") is { } code ? JsonValue.Text(code) : null;

    private static bool Says(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.String => JsonValue.Text(value) is not null,
            JsonValueKind.Number => JsonValue.Seconds(value) is not null, // not zero, which says that all is well
            _ => true,
        };
}
