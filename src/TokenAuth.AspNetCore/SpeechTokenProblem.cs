using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TokenAuth;

/// <summary>
/// A failure as RFC 9457 has it. Its members are constants: nothing that a vendor or a caller said gets into one.
/// </summary>
internal sealed class SpeechTokenProblem
{
    public static readonly SpeechTokenProblem Unavailable = new(
        "speech-token-unavailable",
        StatusCodes.Status503ServiceUnavailable,
        "No Speech token can be had now.",
        "The server cannot obtain a token. Ask again after the seconds of Retry-After; the server's log says why."
    );

    public static readonly SpeechTokenProblem NotAllowed = new(
        "speech-token-not-allowed",
        StatusCodes.Status403Forbidden,
        "This caller gets no Speech token.",
        "The application refuses Speech tokens to this caller."
    );

    public static readonly SpeechTokenProblem Unprotected = new(
        "speech-token-unprotected",
        StatusCodes.Status503ServiceUnavailable,
        "The endpoint of Speech tokens is not protected.",
        "The server hands out no token through an endpoint without authorization; its log says what to add."
    );

    private readonly byte[] _body;

    private SpeechTokenProblem(string code, int status, string title, string detail)
    {
        Type = new HelpCode(code).Link.OriginalString;
        Status = status;
        Title = title;
        Detail = detail;
        _body = JsonSerializer.SerializeToUtf8Bytes(this, SpeechTokenJsonContext.Default.SpeechTokenProblem);
    }

    public string Type { get; }

    public string Title { get; }

    public int Status { get; }

    public string Detail { get; }

    /// <param name="retryAfter">Rounded up to whole seconds; none when null.</param>
    public async Task WriteAsync(HttpResponse response, TimeSpan? retryAfter = null)
    {
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        response.ContentLength = _body.Length;
        if (retryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);

        await response.Body.WriteAsync(_body).ConfigureAwait(false);
    }
}
