using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>
/// A websocket of the Speech SDK: the handshake's credential is judged as that of any data request, and a connection ends
/// after ten minutes of the emulator's clock, so that a client has to show a token again.
/// </summary>
internal sealed class SpeechSocketEndpoint(
    TokenServiceEmulatorOptions options,
    AzureSpeechGate gate,
    TokenServiceEndpoint endpoint,
    Func<HttpContext, SpeechSocket, ISpeechDialogue> startDialogue
)
{
    // https://github.com/microsoft/cognitive-services-speech-sdk-js/issues/800
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            const string Message = "This address takes websockets only.";
            await EmulatedResponse
                .TextAsync(context, StatusCodes.Status426UpgradeRequired, "text/plain", Message)
                .ConfigureAwait(false);
            return;
        }

        if (gate.Refusal(context, endpoint) is { } status)
        {
            await EmulatedResponse.TextAsync(context, status, "text/plain", "").ConfigureAwait(false);
            return;
        }

        using var webSocket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        var socket = new SpeechSocket(context, webSocket);
        try
        {
            await TalkAsync(socket, startDialogue(context, socket), context.RequestAborted).ConfigureAwait(false);
            await socket
                .CloseAsync(WebSocketCloseStatus.NormalClosure, "", context.RequestAborted)
                .ConfigureAwait(false);
        }
        catch (WebSocketException)
        {
            // The client left without a word.
        }
    }

    private async Task TalkAsync(SpeechSocket socket, ISpeechDialogue dialogue, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timeLimit = Task.Delay(s_longest, options.TimeProvider, ended.Token);
        try
        {
            while (!await IsOverAsync(socket, dialogue, timeLimit, cancellationToken).ConfigureAwait(false)) { }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsOverAsync(
        SpeechSocket socket,
        ISpeechDialogue dialogue,
        Task timeLimit,
        CancellationToken cancellationToken
    )
    {
        var receiving = socket.ReceiveAsync(cancellationToken);
        if (await Task.WhenAny(receiving, timeLimit).ConfigureAwait(false) != timeLimit)
        {
            if (await receiving.ConfigureAwait(false) is not { } message)
                return true;
            await dialogue.HandleAsync(message, cancellationToken).ConfigureAwait(false);
            return false;
        }

        const string Reason = "Exceeded maximum websocket connection duration(> 600000ms)";
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, Reason, cancellationToken).ConfigureAwait(false);
        // The client answers with its own close message; all that it had sent before is in vain.
        return await receiving.ConfigureAwait(false) is null;
    }
}
