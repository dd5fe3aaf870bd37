using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>Speaks the Speech SDK's protocol by hand, so that every message can be looked at.</summary>
internal sealed class SpeechSocketClient : IDisposable
{
    public const string Interactive = "speech/recognition/interactive/cognitiveservices/v1?language=en-US";
    public const string Conversation = "speech/recognition/conversation/cognitiveservices/v1?language=en-US";
    public const string Universal = "stt/speech/universal/v2";
    public const string Synthesis = "tts/cognitiveservices/websocket/v1";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ClientWebSocket Socket { get; } = new();

    public string RequestId { get; set; } = "0123456789abcdef0123456789abcdef";

    public static async Task<SpeechSocketClient> ConnectAsync(
        TokenServiceEmulator emulator,
        string pathAndQuery,
        string? bearer = null,
        string? key = null
    )
    {
        var client = new SpeechSocketClient();
        client.Socket.Options.CollectHttpResponseDetails = true;
        if (bearer is not null)
            client.Socket.Options.SetRequestHeader("Authorization", "Bearer " + bearer);
        if (key is not null)
            client.Socket.Options.SetRequestHeader("Ocp-Apim-Subscription-Key", key);
        try
        {
            await client.Socket.ConnectAsync(new Uri(emulator.AzureSpeechHost, pathAndQuery), Stop);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return client;
    }

    /// <summary>The status of the handshake: 101 where the websocket is open.</summary>
    public int Status => (int)Socket.HttpStatusCode;

    public async Task SendAsync(string path, string json, string contentType = "application/json") =>
        await Socket.SendAsync(
            Encoding.UTF8.GetBytes(
                $"Path: {path}\r\nX-RequestId: {RequestId}\r\nX-Timestamp: 2026-01-01T00:00:00.000Z\r\nContent-Type: {contentType}\r\n\r\n{json}"
            ),
            WebSocketMessageType.Text,
            endOfMessage: true,
            Stop
        );

    /// <summary>Sends audio in pieces, and the empty message that ends it unless told otherwise.</summary>
    public async Task SendAudioAsync(byte[] audio, int pieceLength = 3_200, bool ends = true)
    {
        foreach (var piece in audio.Chunk(pieceLength))
            await SendAudioPieceAsync(piece);
        if (ends)
            await SendAudioPieceAsync([]);
    }

    /// <summary>The next message as "path json", or "closed code reason".</summary>
    public async Task<SpeechSocketMessage> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (true)
        {
            var received = await Socket.ReceiveAsync(piece, Stop);
            if (received.MessageType == WebSocketMessageType.Close)
                return new($"closed {(int)Socket.CloseStatus!} {Socket.CloseStatusDescription}", new JsonObject(), []);

            message.Write(piece, 0, received.Count);
            if (received.EndOfMessage)
                return Parse(message.ToArray(), received.MessageType == WebSocketMessageType.Binary);
        }
    }

    /// <summary>All messages up to the end of the turn.</summary>
    public async Task<List<SpeechSocketMessage>> ReceiveTurnAsync()
    {
        var messages = new List<SpeechSocketMessage>();
        do messages.Add(await ReceiveAsync());
        while (
            messages[^1].Path is not "turn.end" && !messages[^1].Path.StartsWith("closed", StringComparison.Ordinal)
        );
        return messages;
    }

    public void Dispose() => Socket.Dispose();

    private async Task SendAudioPieceAsync(byte[] piece)
    {
        var headers = Encoding.ASCII.GetBytes($"Path: audio\r\nX-RequestId: {RequestId}\r\n");
        var message = new byte[2 + headers.Length + piece.Length];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)headers.Length);
        headers.CopyTo(message, 2);
        piece.CopyTo(message, 2 + headers.Length);
        await Socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, Stop);
    }

    private SpeechSocketMessage Parse(byte[] message, bool isBinary)
    {
        var start = isBinary ? 2 : 0;
        var length = isBinary
            ? BinaryPrimitives.ReadUInt16BigEndian(message)
            : message.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        var headers = Encoding.UTF8.GetString(message, start, length);
        Assert.Contains($"X-RequestId:{RequestId}\r\n", headers, StringComparison.Ordinal);
        var path = headers.Split("Path:")[1].Split("\r\n")[0];
        var body = message[(start + length)..];
        return new(path, isBinary ? [] : JsonNode.Parse(body)!.AsObject(), isBinary ? body : []);
    }
}
