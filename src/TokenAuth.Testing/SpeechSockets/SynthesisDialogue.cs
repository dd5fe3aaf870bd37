using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenAuth.Testing;

/// <summary>
/// Text to speech over a websocket: <c>synthesis.context</c> says the format and which metadata are wanted, <c>ssml</c> is
/// spoken. Words, punctuation, sentences and the end of the session are told; visemes and bookmarks are not.
/// </summary>
internal sealed class SynthesisDialogue(SpeechSocket socket, LedgerBook book) : ISpeechDialogue
{
    private JsonNode? _audio;

    public async Task HandleAsync(SpeechMessage message, CancellationToken cancellationToken)
    {
        switch (message.Path.ToLowerInvariant())
        {
            case "synthesis.context":
                _audio = Audio(message.Text);
                break;
            case "ssml":
                book.Received(TokenServiceEndpoint.AzureTts, message.Body.Length);
                await SpeakAsync(message, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private Task SpeakAsync(SpeechMessage message, CancellationToken cancellationToken)
    {
        var formatName = _audio?["outputFormat"]?.ToString() ?? "";
        if (AzureSpeechAudioFormat.Parse(formatName) is not { } format)
            return RefuseAsync($"Unsupported output format {formatName}.", cancellationToken);
        if (AzureSpeechSynthesis.Text(message.Body.ToArray()) is not { } text)
            return RefuseAsync("The SSML is not valid.", cancellationToken);

        return SpeakAsync(message.RequestId, text, format, cancellationToken);
    }

    private async Task SpeakAsync(
        string requestId,
        string text,
        AzureSpeechAudioFormat format,
        CancellationToken cancellationToken
    )
    {
        var duration = SpeechLength.Of(text);
        var tag = new JsonObject { ["serviceTag"] = RandomText.QueryId() };
        await SendAsync("turn.start", new() { ["context"] = tag.DeepClone() }).ConfigureAwait(false);
        var inline = new JsonObject { ["type"] = "inline", ["streamId"] = "S1" };
        await SendAsync("response", new() { ["context"] = tag, ["audio"] = inline }).ConfigureAwait(false);

        foreach (var boundary in SpeechBoundary.Of(text, duration).Where(boundary => IsWanted(boundary.Kind)))
            await SendAsync("audio.metadata", Metadata(boundary.ToMetadata())).ConfigureAwait(false);
        await socket
            .SendAudioAsync(requestId, format.ContentType, format.Create(duration), cancellationToken)
            .ConfigureAwait(false);

        var end = new JsonObject
        {
            ["Type"] = "SessionEnd",
            ["Data"] = new JsonObject { ["Offset"] = duration.Ticks },
        };
        if (IsWanted("SessionEnd"))
            await SendAsync("audio.metadata", Metadata(end)).ConfigureAwait(false);
        await SendAsync("turn.end", []).ConfigureAwait(false);

        Task SendAsync(string path, JsonObject body) => socket.SendAsync(requestId, path, body, cancellationToken);
    }

    private Task RefuseAsync(string reason, CancellationToken cancellationToken) =>
        socket.CloseAsync(WebSocketCloseStatus.InvalidPayloadData, reason, cancellationToken);

    // "WordBoundary" is asked for by "wordBoundaryEnabled", with true or "true".
    private bool IsWanted(string kind) =>
        string.Equals(
            _audio?["metadataOptions"]?[$"{char.ToLowerInvariant(kind[0])}{kind[1..]}Enabled"]?.ToString(),
            "true",
            StringComparison.OrdinalIgnoreCase
        );

    private static JsonObject Metadata(JsonObject entry) => new() { ["Metadata"] = new JsonArray(entry) };

    private static JsonNode? Audio(string json)
    {
        try
        {
            return JsonNode.Parse(json)?["synthesis"]?["audio"];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
