using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>
/// The list of voices, which has one: the cheapest call that shows whether a credential is good
/// (https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech#get-a-list-of-voices).
/// </summary>
internal sealed class AzureSpeechVoiceList(AzureSpeechGate gate)
{
    public Task ListAsync(HttpContext context) =>
        gate.Refusal(context, TokenServiceEndpoint.AzureTts) is { } status
            ? EmulatedResponse.TextAsync(context, status, "text/plain", "")
            : EmulatedResponse.JsonAsync(context, StatusCodes.Status200OK, new JsonArray(Voice()));

    private static JsonObject Voice() =>
        new()
        {
            ["Name"] = "Microsoft Server Speech Text to Speech Voice (en-US, AvaMultilingualNeural)",
            ["DisplayName"] = "Ava Multilingual",
            ["ShortName"] = "en-US-AvaMultilingualNeural",
            ["Gender"] = "Female",
            ["Locale"] = "en-US",
            ["VoiceType"] = "Neural",
            ["Status"] = "GA",
        };
}
