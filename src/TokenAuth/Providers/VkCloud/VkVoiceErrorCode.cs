using System.Text;
using System.Text.Json;

namespace TokenAuth;

/// <summary>
/// Voice answers 400 with the code 4048 for an invalid or expired token; 4049 is an inactive project. The JSON around the code is
/// not documented, so any member that is called like a code and is not deep inside will do.
/// </summary>
internal sealed class VkVoiceErrorCode : IRejectionRule
{
    private const int InvalidToken = 4048;
    private const int InactiveProject = 4049;
    private const int MaxDepth = 4;
    private const int MaxNameLength = 64;

    private bool _inCode;

    /// <summary>Remembers a refusal; null where nobody asks for it.</summary>
    public VkCloudRefusals? Refusals { get; init; }

    /// <summary>The host that gave the response.</summary>
    public string? Host { get; init; }

    public bool? Decide(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _inCode = reader.CurrentDepth <= MaxDepth && IsCode(reader.ValueSpan);
                return null;
            case JsonTokenType.StartObject:
                _inCode = false;
                return null;
            case JsonTokenType.Number when _inCode && reader.TryGetInt32(out var code) && code == InvalidToken:
            case JsonTokenType.String when _inCode && JsonValue.IsText(reader, "4048"u8):
                Refusals?.Note(VkCloudHelp.Voice4048, Host);
                return true;
            case JsonTokenType.Number when _inCode && reader.TryGetInt32(out var code) && code == InactiveProject:
            case JsonTokenType.String when _inCode && JsonValue.IsText(reader, "4049"u8):
                Refusals?.Note(VkCloudHelp.Voice4049, Host);
                return null;
            default:
                return null;
        }
    }

    private static bool IsCode(ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxNameLength)
            return false;

        var text = Encoding.UTF8.GetString(name.ToArray());
        return Says("code") || Says("status") || Says("err");

        bool Says(string word) => text.AsSpan().Contains(word.AsSpan(), StringComparison.OrdinalIgnoreCase);
    }
}
