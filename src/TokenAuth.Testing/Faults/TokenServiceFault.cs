using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>A way in which an endpoint misbehaves on demand, in place of its usual response or around it.</summary>
public sealed class TokenServiceFault
{
    private static readonly TimeSpan s_forever = Timeout.InfiniteTimeSpan;

    private readonly Func<HttpContext, RequestDelegate, Task> _misbehave;

    /// <summary>Makes a custom fault. The second argument of <paramref name="misbehave"/> writes the emulator's usual response.</summary>
    public TokenServiceFault(Func<HttpContext, RequestDelegate, Task> misbehave) => _misbehave = misbehave;

    /// <summary>Answers with a status and grants nothing.</summary>
    public static TokenServiceFault Status(
        HttpStatusCode status,
        string body = "",
        string contentType = "application/json",
        string? retryAfter = null
    ) =>
        new(
            (context, _) =>
            {
                if (retryAfter is not null)
                    context.Response.Headers.RetryAfter = retryAfter;
                return EmulatedResponse.TextAsync(context, (int)status, contentType, body);
            }
        );

    /// <summary>Answers 200 with a body that neither vendor sends as a token response. The body is HTML unless you give another.</summary>
    public static TokenServiceFault Garbage(
        string body = "<html><body>It works!</body></html>",
        string contentType = "text/html"
    ) => Garbage(Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>Answers 200 with these bytes.</summary>
    public static TokenServiceFault Garbage(
        ReadOnlyMemory<byte> body,
        string contentType,
        string? contentEncoding = null
    ) =>
        new(
            (context, _) =>
            {
                if (contentEncoding is not null)
                    context.Response.Headers.ContentEncoding = contentEncoding;
                return EmulatedResponse.BytesAsync(context, StatusCodes.Status200OK, contentType, body);
            }
        );

    /// <summary>Answers with a redirect.</summary>
    public static TokenServiceFault Redirect(Uri to, HttpStatusCode status = HttpStatusCode.Redirect) =>
        new(
            (context, _) =>
            {
                context.Response.Headers.Location = to.OriginalString;
                return EmulatedResponse.TextAsync(context, (int)status, "text/html", "");
            }
        );

    /// <summary>Answers as usual, but late.</summary>
    public static TokenServiceFault Delay(TimeSpan by, TimeProvider? timeProvider = null) =>
        new TokenServiceFault((context, answer) => answer(context)).After(by, timeProvider);

    /// <summary>Reads the request and says nothing until the client goes away.</summary>
    public static TokenServiceFault Silence() =>
        new((context, _) => Task.Delay(s_forever, TimeProvider.System, context.RequestAborted));

    /// <summary>Closes the connection and grants nothing.</summary>
    public static TokenServiceFault DropConnection() =>
        new(
            (context, _) =>
            {
                context.Abort();
                return Task.CompletedTask;
            }
        );

    /// <summary>
    /// Accepts a websocket, sends that many messages, and closes the connection without a close message. Any other request
    /// meets <see cref="DropConnection"/>.
    /// </summary>
    /// <param name="messages">From 0.</param>
    public static TokenServiceFault DropConnectionAfter(int messages) =>
        OnWebSocket(messages, staysConnected: false, DropConnection());

    /// <summary>
    /// Accepts a websocket, sends that many messages, and then stays silent. Any other request meets
    /// <see cref="Silence"/>.
    /// </summary>
    /// <param name="messages">From 0.</param>
    public static TokenServiceFault SilenceAfter(int messages) =>
        OnWebSocket(messages, staysConnected: true, Silence());

    /// <summary>Grants, and closes the connection before it sends a byte of the response.</summary>
    public static TokenServiceFault DropConnectionAfterGrant() =>
        new(
            async (context, answer) =>
            {
                await BrokenResponse.TakeAsync(context, answer).ConfigureAwait(false);
                context.Abort();
            }
        );

    /// <summary>Grants, sends half of the response's body, and closes the connection.</summary>
    public static TokenServiceFault TruncatedBody() => new(BrokenResponse.HalfAsync);

    /// <summary>Grants, and sends the response's body byte by byte.</summary>
    public static TokenServiceFault DrippingBody(TimeSpan interval, TimeProvider? timeProvider = null) =>
        new(
            (context, answer) =>
                BrokenResponse.DripAsync(context, answer, interval, timeProvider ?? TimeProvider.System)
        );

    /// <summary>Announces and sends a body of that many bytes. 200 MiB unless another length is given.</summary>
    public static TokenServiceFault OversizedBody(long length = 200L * 1024 * 1024) =>
        new((context, _) => BrokenResponse.FillAsync(context, length));

    /// <summary>Sends chunk after chunk until the client goes away.</summary>
    public static TokenServiceFault EndlessChunks() =>
        new((context, _) => BrokenResponse.FillAsync(context, length: null));

    /// <summary>Sends a small body that unpacks to that many bytes. 200 MiB unless another length is given.</summary>
    public static TokenServiceFault GzipBomb(long unpackedLength = 200L * 1024 * 1024) =>
        new((context, _) => BrokenResponse.GzipAsync(context, unpackedLength));

    /// <summary>Returns the same fault, which begins only after a delay.</summary>
    public TokenServiceFault After(TimeSpan delay, TimeProvider? timeProvider = null) =>
        new(
            async (context, answer) =>
            {
                await Task.Delay(delay, timeProvider ?? TimeProvider.System, context.RequestAborted)
                    .ConfigureAwait(false);
                await _misbehave(context, answer).ConfigureAwait(false);
            }
        );

    private static TokenServiceFault OnWebSocket(int messages, bool staysConnected, TokenServiceFault otherwise)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(messages);

        return new(
            (context, answer) =>
            {
                if (!context.WebSockets.IsWebSocketRequest)
                    return otherwise._misbehave(context, answer);

                context.Features.Set(new SpeechSocketLimit(messages, staysConnected));
                return answer(context);
            }
        );
    }

    internal Task AnswerAsync(HttpContext context, RequestDelegate answer) => _misbehave(context, answer);
}
