using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>Tells by the name of a host which paths it has. A host that is not a vendor's, such as 127.0.0.1, has every path.</summary>
internal static class VendorHosts
{
    // A part of the host's name, and the first segments of its paths.
    private static readonly (string Name, string[] Paths)[] s_hosts =
    [
        ("voice.mcs.mail.ru", ["asr", "asr_stream", "tts"]),
        ("mcs.mail.ru", ["auth"]),
        ("smarty.mail.ru", ["api"]),
        (".api.cognitive.", ["sts", "speechtotext"]),
        (".stt.speech.", ["speech", "stt", "v1.0"]),
        (".tts.speech.", ["cognitiveservices", "tts"]),
        (".s2s.speech.", ["speech", "v1.0"]),
        (".voice.speech.", ["cognitiveservices"]),
        (".cognitiveservices.azure.", ["sts", "stt", "tts", "speechtotext"]),
        (".services.ai.azure.", ["sts", "stt", "tts", "speechtotext"]),
    ];

    public static bool Has(string host, PathString path)
    {
        var (name, paths) = Array.Find(
            s_hosts,
            vendor => host.Contains(vendor.Name, StringComparison.OrdinalIgnoreCase)
        );
        return name is null
            || Array.Exists(paths, first => path.StartsWithSegments("/" + first, StringComparison.OrdinalIgnoreCase));
    }
}
