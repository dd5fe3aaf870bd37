using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary><c>GET|POST /tts</c>: text in, audio out (https://cloud.vk.com/docs/ml/cloud-voice/service-management/text-to-speech).</summary>
internal sealed class VkVoiceSynthesis(TokenServiceEmulatorOptions options, VkCloudGate gate, LedgerBook book)
{
    // The page says 2 000 in one place and 20 000 in another.
    private const int MaxCharacters = 20_000;
    private const int SampleRate = 24_000;
    private const int Mp3SampleRate = 44_100;
    private const int Mp3Kilobits = 128;

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);
    private static readonly string[] s_models =
    [
        "katherine",
        "katherine-hifigan",
        "maria",
        "maria-serious",
        "pavel",
        "pavel-hifigan",
    ];

    public async Task SynthesizeAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context, MaxCharacters * 4 + 1).ConfigureAwait(false);
        book.Received(TokenServiceEndpoint.VkVoice, body.Length);
        var text = HttpMethods.IsGet(context.Request.Method) ? context.Request.Query["text"].ToString() : Text(body);

        if (Fault(context, text) is { } fault)
        {
            await fault.WriteAsync(context, options.VkCloud.VoiceErrorShape).ConfigureAwait(false);
            return;
        }

        var (contentType, audio) = Audio(context.Request.Query["encoder"].ToString(), SpeechLength.Of(text!));
        await EmulatedResponse.BytesAsync(context, StatusCodes.Status200OK, contentType, audio).ConfigureAwait(false);
    }

    private VkVoiceError? Fault(HttpContext context, string? text)
    {
        var admission = gate.Admit(TokenServiceEndpoint.VkVoice, Credential.Bearer(context), "tts");
        if (admission != VkCloudAdmission.Admitted)
            return VkVoiceError.From(admission);

        var query = context.Request.Query;
        if (query["encoder"].ToString() is not ("" or "pcm" or "mp3" or "opus"))
            return VkVoiceError.BadParameter("encoder");
        if (query["model_name"].ToString() is not "" and var model && !s_models.Contains(model, StringComparer.Ordinal))
            return VkVoiceError.BadParameter("model_name");
        if (query["tempo"].ToString() is not "" and var tempo && !IsTempo(tempo))
            return VkVoiceError.BadParameter("tempo");
        return string.IsNullOrWhiteSpace(text) || text.Length > MaxCharacters ? VkVoiceError.InvalidText : null;
    }

    private static bool IsTempo(string tempo) =>
        double.TryParse(tempo, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value is >= 0.75 and <= 1.75;

    private static string? Text(byte[] body)
    {
        try
        {
            return s_strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static (string ContentType, byte[] Audio) Audio(string encoder, TimeSpan length) =>
        encoder switch
        {
            "mp3" => ("audio/mpeg", SilentMp3.Create(Mp3SampleRate, Mp3Kilobits, length)),
            "opus" => ("audio/ogg; codecs=opus", SilentOpus.Create(length)),
            _ => ("audio/wave", Wave.Riff(SampleRate, length)),
        };
}
