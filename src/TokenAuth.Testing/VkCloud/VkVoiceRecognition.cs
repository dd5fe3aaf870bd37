using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary><c>POST /asr</c>: a whole file in, text out. The text tells how many bytes arrived.</summary>
internal sealed class VkVoiceRecognition(TokenServiceEmulatorOptions options, VkCloudGate gate, LedgerBook book)
{
    private const int MaxLength = 20 * 1024 * 1024;

    public async Task RecognizeAsync(HttpContext context)
    {
        var length = await RequestBody.CountAsync(context).ConfigureAwait(false);
        book.Received(TokenServiceEndpoint.VkVoice, length);

        if (Fault(context, length) is { } fault)
        {
            await fault.WriteAsync(context, options.VkCloud.VoiceErrorShape).ConfigureAwait(false);
            return;
        }

        var text = FormattableString.Invariant($"emulated speech of {length} bytes");
        await EmulatedResponse.JsonAsync(context, StatusCodes.Status200OK, Result(text)).ConfigureAwait(false);
    }

    private VkVoiceError? Fault(HttpContext context, long length)
    {
        var admission = gate.Admit(TokenServiceEndpoint.VkVoice, Credential.Bearer(context), "asr_short");
        if (admission != VkCloudAdmission.Admitted)
            return VkVoiceError.From(admission);
        if (!VkVoiceAudio.Takes(context.Request.ContentType))
            return VkVoiceError.UnknownFormat;
        if (length > MaxLength)
            return VkVoiceError.AudioTooBig;
        return length == 0 ? VkVoiceError.Corrupted : null;
    }

    private static JsonObject Result(string text) =>
        new()
        {
            ["qid"] = RandomText.QueryId(),
            ["result"] = new JsonObject
            {
                ["texts"] = new JsonArray(
                    new JsonObject
                    {
                        ["text"] = text,
                        ["confidence"] = 1.0m, // a decimal keeps its zero, as the page has it
                        ["punctuated_text"] = VkVoiceText.Punctuated(text),
                    }
                ),
                ["phrase_id"] = Guid.NewGuid().ToString(),
            },
        };
}
