using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>A way to misbehave, on demand, in place of (or around) the emulated answer.</summary>
public sealed class TokenServiceFault
{
    private static readonly TimeSpan s_forever = Timeout.InfiniteTimeSpan;

    private readonly Func<HttpContext, RequestDelegate, Task> _misbehave;

    /// <summary>Any misbehaviour. The second argument gives the answer that the emulator would have given.</summary>
    public TokenServiceFault(Func<HttpContext, RequestDelegate, Task> misbehave) => _misbehave = misbehave;

    /// <summary>Answers with a status, before anything is granted.</summary>
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

    /// <summary>Answers 200 with a body that is no token response of either vendor. HTML unless another is given.</summary>
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

    /// <summary>Closes the connection; nothing was granted.</summary>
    public static TokenServiceFault DropConnection() =>
        new(
            (context, _) =>
            {
                context.Abort();
                return Task.CompletedTask;
            }
        );

    /// <summary>
    /// Accepts a websocket, sends so many messages and closes the connection without a close message. A request that is no
    /// websocket is met as by <see cref="DropConnection"/>.
    /// </summary>
    /// <param name="messages">From 0.</param>
    public static TokenServiceFault DropConnectionAfter(int messages) =>
        OnWebSocket(messages, staysConnected: false, DropConnection());

    /// <summary>
    /// Accepts a websocket, sends so many messages and is silent from then on. A request that is no websocket is met as by
    /// <see cref="Silence"/>.
    /// </summary>
    /// <param name="messages">From 0.</param>
    public static TokenServiceFault SilenceAfter(int messages) =>
        OnWebSocket(messages, staysConnected: true, Silence());

    /// <summary>Grants, and closes the connection before a byte of the answer is sent.</summary>
    public static TokenServiceFault DropConnectionAfterGrant() =>
        new(
            async (context, answer) =>
            {
                await BrokenResponse.TakeAsync(context, answer).ConfigureAwait(false);
                context.Abort();
            }
        );

    /// <summary>Grants, sends half of the answer's body, and closes the connection.</summary>
    public static TokenServiceFault TruncatedBody() => new(BrokenResponse.HalfAsync);

    /// <summary>Grants, and sends the answer's body byte by byte.</summary>
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

    /// <summary>The same fault, late.</summary>
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
