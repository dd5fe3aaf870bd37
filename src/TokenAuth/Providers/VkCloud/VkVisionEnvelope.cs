using System.Text.Json;

namespace TokenAuth;

/// <summary>
/// Vision wraps every answer as <c>{"status":…,"body":…}</c>, also inside HTTP 200. Its first member named "status" decides, so that
/// no result is read further than to it.
/// </summary>
internal sealed class VkVisionEnvelope : IRejectionRule
{
    private bool _inStatus;

    public bool? Decide(ref Utf8JsonReader reader)
    {
        if (_inStatus)
            return reader.TokenType switch
            {
                JsonTokenType.Number => reader.TryGetInt32(out var status) && status == 401,
                JsonTokenType.String => JsonValue.IsText(reader, "401"u8),
                _ => false,
            };
        if (reader.CurrentDepth == 0)
            return reader.TokenType == JsonTokenType.StartObject ? null : false;

        _inStatus =
            reader.CurrentDepth == 1
            && reader.TokenType == JsonTokenType.PropertyName
            && JsonValue.IsText(reader, "status"u8);
        return null;
    }
}
