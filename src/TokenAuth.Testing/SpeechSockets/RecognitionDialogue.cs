using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>
/// Speech to text over a websocket. In interactive mode a turn ends with its first phrase, in the others with the audio. The
/// mode is the one of <c>speech.context</c>, else the one of the path.
/// </summary>
internal sealed class RecognitionDialogue(HttpContext context, SpeechSocket socket, LedgerBook book, bool isInteractive)
    : ISpeechDialogue
{
    private readonly bool _isDetailed = context.Request.Query["format"] == "detailed";
    private bool _isInteractive = isInteractive;
    private RecognitionTurn? _turn;

    public async Task HandleAsync(SpeechMessage message, CancellationToken cancellationToken)
    {
        switch (message.Path.ToLowerInvariant())
        {
            case "speech.context":
                _isInteractive = Mode(message.Text) is { } mode ? mode == "INTERACTIVE" : _isInteractive;
                break;
            case "audio":
                book.Received(TokenServiceEndpoint.AzureStt, message.Body.Length);
                await HearAsync(message, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private async Task HearAsync(SpeechMessage message, CancellationToken cancellationToken)
    {
        if (_turn is null || _turn.RequestId != message.RequestId)
        {
            _turn = new(socket, message.RequestId, _isInteractive, _isDetailed);
            await _turn.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        await _turn.HearAsync(message.Body.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    private static string? Mode(string json)
    {
        try
        {
            return JsonNode.Parse(json)?["phraseDetection"]?["mode"]?.ToString().ToUpperInvariant();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
