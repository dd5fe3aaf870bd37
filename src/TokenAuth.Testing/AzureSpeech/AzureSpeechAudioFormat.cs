using System.Globalization;

namespace TokenAuth.Testing;

/// <summary>
/// An <c>X-Microsoft-OutputFormat</c>: <c>riff-24khz-16bit-mono-pcm</c>, <c>raw-16khz-16bit-mono-pcm</c>,
/// <c>audio-16khz-128kbitrate-mono-mp3</c> and their like. Others are not emulated.
/// </summary>
internal sealed record AzureSpeechAudioFormat(string ContentType, Func<TimeSpan, byte[]> Create)
{
    private const string Default = "riff-24khz-16bit-mono-pcm";

    public static AzureSpeechAudioFormat? Parse(string name)
    {
        if (
            (name is "" ? Default : name).Split('-')
            is not [var container, var frequency, var detail, "mono", var codec]
        )
            return null;
        if (Number(frequency, "khz") is not { } kilohertz)
            return null;

        var sampleRate = kilohertz * 1000;
        return (container, detail, codec) switch
        {
            ("riff", "16bit", "pcm") when IsPcm(kilohertz) => new(
                "audio/x-wav",
                length => Wave.Riff(sampleRate, length)
            ),
            ("raw", "16bit", "pcm") when IsPcm(kilohertz) => new("audio/basic", length => Wave.Pcm(sampleRate, length)),
            ("audio", _, "mp3")
                when Number(detail, "kbitrate") is { } kilobits && SilentMp3.Knows(sampleRate, kilobits) => new(
                "audio/mpeg",
                length => SilentMp3.Create(sampleRate, kilobits, length)
            ),
            _ => null,
        };
    }

    private static bool IsPcm(int kilohertz) => kilohertz is 8 or 16 or 24 or 48;

    private static int? Number(string text, string unit) =>
        text.EndsWith(unit, StringComparison.Ordinal)
        && int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
