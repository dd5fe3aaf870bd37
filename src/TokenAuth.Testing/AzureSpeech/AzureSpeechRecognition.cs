using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>
/// Speech to text for short audio: <c>audio/…</c> in, chunked or not, <c>DisplayText</c> out. The text tells how many bytes
/// arrived (https://learn.microsoft.com/azure/ai-services/speech-service/rest-speech-to-text-short).
/// </summary>
internal sealed class AzureSpeechRecognition(AzureSpeechGate gate, LedgerBook book)
{
    private const long BytesPerSecond = 32_000; // 16 kHz, 16 bit, mono

    public async Task RecognizeAsync(HttpContext context)
    {
        var length = await RequestBody.CountAsync(context).ConfigureAwait(false);
        book.Received(TokenServiceEndpoint.AzureStt, length);

        if ((gate.Refusal(context, TokenServiceEndpoint.AzureStt) ?? Fault(context, length)) is { } status)
        {
            await EmulatedResponse.TextAsync(context, status, "text/plain", "").ConfigureAwait(false);
            return;
        }

        await EmulatedResponse
            .JsonAsync(context, StatusCodes.Status200OK, Result(length, context.Request.Query["format"] == "detailed"))
            .ConfigureAwait(false);
    }

    private static JsonObject Result(long length, bool isDetailed)
    {
        var text = FormattableString.Invariant($"Emulated speech of {length} bytes.");
        var result = new JsonObject
        {
            ["RecognitionStatus"] = "Success",
            ["DisplayText"] = text,
            // Numbers in text, in units of 100 ns, as the page has them.
            ["Offset"] = "0",
            ["Duration"] = (length * TimeSpan.TicksPerSecond / BytesPerSecond).ToString(CultureInfo.InvariantCulture),
        };
        if (isDetailed)
        {
            result["NBest"] = new JsonArray(
                new JsonObject
                {
                    ["Confidence"] = 0.9876,
                    ["Display"] = text,
                    ["ITN"] = text,
                    ["Lexical"] = text,
                    ["MaskedITN"] = text,
                }
            );
        }

        return result;
    }

    private static int? Fault(HttpContext context, long length)
    {
        if (string.IsNullOrEmpty(context.Request.Query["language"]) || length == 0)
            return StatusCodes.Status400BadRequest;

        return context.Request.ContentType?.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) == true
            ? null
            : StatusCodes.Status415UnsupportedMediaType;
    }
}
