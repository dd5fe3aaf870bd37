using System.Net.Http.Headers;

namespace TokenAuth.Testing;

/// <summary>The two containers that Voice takes: <c>audio/wave</c> and <c>audio/ogg; codecs=opus</c>.</summary>
internal static class VkVoiceAudio
{
    public static bool Takes(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return false;

        var codecs = type.Parameters.FirstOrDefault(parameter =>
            string.Equals(parameter.Name, "codecs", StringComparison.OrdinalIgnoreCase)
        );
        return type.MediaType?.ToUpperInvariant() switch
        {
            "AUDIO/WAVE" => true,
            "AUDIO/OGG" => string.Equals(codecs?.Value?.Trim('"'), "opus", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }
}
