using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>
/// The list of batch transcriptions, which is empty. Of Microsoft Entra's tokens it takes the plain one
/// (https://learn.microsoft.com/azure/ai-services/speech-service/batch-transcription).
/// </summary>
internal sealed class AzureSpeechTranscriptions(AzureSpeechGate gate)
{
    public Task ListAsync(HttpContext context) => AnswerAsync(context, new JsonObject { ["values"] = new JsonArray() });

    /// <summary>The languages of transcriptions.</summary>
    public Task ListLanguagesAsync(HttpContext context) =>
        AnswerAsync(context, new JsonArray(JsonValue.Create("en-US")));

    private Task AnswerAsync(HttpContext context, JsonNode body) =>
        gate.Refusal(context, TokenServiceEndpoint.AzureTranscriptions) is { } status
            ? EmulatedResponse.TextAsync(context, status, "text/plain", "")
            : EmulatedResponse.JsonAsync(context, StatusCodes.Status200OK, body);
}
