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

    public bool? Decide(ref Utf8JsonReader reader)
    {
        if (_inStatus)
        {
            var isRefusal = reader.TokenType switch
            {
                JsonTokenType.Number => reader.TryGetInt32(out var status) && status == 401,
                JsonTokenType.String => JsonValue.IsText(reader, "401"u8),
                _ => false,
            };
            if (isRefusal)
                Refusals?.Note(VkCloudHelp.VisionEnvelope);

            return isRefusal;
        }

        if (reader.TokenType == JsonTokenType.StartObject)
            return null;

        _inStatus = reader.TokenType == JsonTokenType.PropertyName && JsonValue.IsText(reader, "status"u8);
        return _inStatus ? null : false;
    }
}
