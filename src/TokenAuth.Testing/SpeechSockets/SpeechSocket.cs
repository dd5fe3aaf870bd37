using System.Net.WebSockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>A client's websocket: whole messages in and out, up to the limit that a fault has set.</summary>
internal sealed class SpeechSocket(HttpContext context, WebSocket socket)
{
    private const int MaxMessage = 4 * 1024 * 1024;
    private const int PieceLength = 16 * 1024;

    // A send ends in the server's pipe; an abort at once would overtake it.
    private static readonly TimeSpan s_sending = TimeSpan.FromMilliseconds(50);

    private static readonly JsonSerializerOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SpeechSocketLimit? _limit = context.Features.Get<SpeechSocketLimit>();
    private int _sent;

    /// <summary>The next message, or nothing when the client has closed the connection or sends too much at once.</summary>
    public async Task<SpeechMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var piece = new byte[PieceLength];
        while (true)
        {
            var received = await socket.ReceiveAsync(piece.AsMemory(), cancellationToken).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;

            message.Write(piece, 0, received.Count);
            if (message.Length > MaxMessage)
                return null;
            if (received.EndOfMessage)
                return SpeechMessage.Parse(message.ToArray(), received.MessageType == WebSocketMessageType.Binary);
        }
    }

    public Task SendAsync(string requestId, string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(
            SpeechMessage.WriteText(requestId, path, body.ToJsonString(s_json)),
            WebSocketMessageType.Text,
            cancellationToken
        );

    public async Task SendAudioAsync(
        string requestId,
        string contentType,
        ReadOnlyMemory<byte> audio,
        CancellationToken cancellationToken
    )
    {
        for (var start = 0; start < audio.Length; start += PieceLength)
        {
            var piece = audio.Slice(start, Math.Min(PieceLength, audio.Length - start));
            var message = SpeechMessage.WriteAudio(requestId, contentType, piece.Span);
            await SendAsync(message, WebSocketMessageType.Binary, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tells the client why the connection ends; the client's own close message is still to come.</summary>
    public Task CloseAsync(WebSocketCloseStatus status, string reason, CancellationToken cancellationToken) =>
        socket.State is WebSocketState.Open or WebSocketState.CloseReceived
            ? socket.CloseOutputAsync(status, reason, cancellationToken)
            : Task.CompletedTask;

    private async Task SendAsync(byte[] message, WebSocketMessageType type, CancellationToken cancellationToken)
    {
        if (_limit is not null && _sent == _limit.Messages)
        {
            if (_limit.StaysConnected)
                return;

            await Task.Delay(s_sending, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            context.Abort();
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        }

        _sent++;
        await socket.SendAsync(message.AsMemory(), type, endOfMessage: true, cancellationToken).ConfigureAwait(false);
    }
}
