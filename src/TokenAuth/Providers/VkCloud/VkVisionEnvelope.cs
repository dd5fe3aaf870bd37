using System.Text.Json;

namespace TokenAuth;

/// <summary>
/// Vision wraps every answer as <c>{"status":…,"body":…}</c>, also inside HTTP 200. The first member decides, so that no result is awaited
/// beyond it.
/// </summary>
internal sealed class VkVisionEnvelope : IRejectionRule
{
    private bool _inStatus;

    /// <summary>Remembers a refusal; null where nobody asks for it.</summary>
    public VkCloudRefusals? Refusals { get; init; }

    /// <summary>The host that gave the response.</summary>
    public string? Host { get; init; }

    public bool? Decide(ref Utf8JsonReader reader)
    {
        if (_inStatus)
        {
            var isRefusal = Is(reader, 401, "401"u8);
            if (isRefusal)
                Refusals?.Note(VkCloudHelp.VisionEnvelope, Host);
            else if (Is(reader, 200, "200"u8))
                Refusals?.NoteAccepted(Host);

            return isRefusal;
        }

        if (reader.TokenType == JsonTokenType.StartObject)
            return null;

        _inStatus = reader.TokenType == JsonTokenType.PropertyName && JsonValue.IsText(reader, "status"u8);
        return _inStatus ? null : false;
    }

    private static bool Is(Utf8JsonReader reader, int status, ReadOnlySpan<byte> text) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetInt32(out var number) && number == status,
            JsonTokenType.String => JsonValue.IsText(reader, text),
            _ => false,
        };
}
