using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>
/// Text to speech: SSML in, audio out, as <c>X-Microsoft-OutputFormat</c> asks
/// (https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech).
/// </summary>
internal sealed class AzureSpeechSynthesis(AzureSpeechGate gate, LedgerBook book)
{
    private const int MaxSsml = 1024 * 1024;
    private const string Header = "X-Microsoft-OutputFormat";

    public async Task SynthesizeAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context, MaxSsml).ConfigureAwait(false);
        book.Received(TokenServiceEndpoint.AzureTts, body.Length);

        var text = Text(body);
        if ((gate.Refusal(context, TokenServiceEndpoint.AzureTts) ?? Fault(context, text)) is { } status)
        {
            await EmulatedResponse.TextAsync(context, status, "text/plain", "").ConfigureAwait(false);
            return;
        }

        var format = Format(context)!;
        var audio = format.Create(SpeechLength.Of(text!));
        await EmulatedResponse
            .BytesAsync(context, StatusCodes.Status200OK, format.ContentType, audio)
            .ConfigureAwait(false);
    }

    private static int? Fault(HttpContext context, string? text)
    {
        var isSsml = context.Request.ContentType?.Split(';')[0].Trim() == "application/ssml+xml";
        if (!isSsml)
            return StatusCodes.Status415UnsupportedMediaType;
        return text is null || Format(context) is null ? StatusCodes.Status400BadRequest : null;
    }

    /// <summary>The text of a document whose root is <c>speak</c>.</summary>
    internal static string? Text(byte[] ssml)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(ssml));
            return XDocument.Load(reader).Root is { Name.LocalName: "speak" } root ? root.Value.Trim() : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static AzureSpeechAudioFormat? Format(HttpContext context) =>
        AzureSpeechAudioFormat.Parse(context.Request.Headers[Header].ToString());
}
