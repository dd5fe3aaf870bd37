using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace TokenAuth.Soak;

/// <summary>One request to an API, as an application makes it.</summary>
/// <param name="Client">The name of the HTTP client.</param>
/// <param name="Line">The tokens it needs.</param>
internal sealed record ApiCall(
    string Client,
    TokenLine Line,
    Func<HttpRequestMessage> CreateRequest,
    Func<HttpStatusCode, string, bool> IsRejection
)
{
    // https://cloud.vk.com/docs/ml: an invalid token is 400 with code 4048 at Voice, 401 inside a 200 at Vision.
    public static readonly ApiCall Voice = new(
        "voice",
        TokenLine.Voice,
        () => new(HttpMethod.Post, "tts?encoder=opus") { Content = new StringContent("soak") },
        (status, body) => status == HttpStatusCode.BadRequest && body.Contains("4048", StringComparison.Ordinal)
    );

    public static readonly ApiCall Vision = new(
        "vision",
        TokenLine.Vision,
        () => new(HttpMethod.Post, "objects/detect") { Content = Picture() },
        (_, body) => body.Contains("\"status\":401", StringComparison.Ordinal)
    );

    public static readonly ApiCall Stt = new(
        "stt",
        TokenLine.Speech,
        () => new(HttpMethod.Post, "?language=en-US") { Content = Audio() },
        IsUnauthorized
    );

    public static readonly ApiCall Tts = new("tts", TokenLine.Spare, Speak, IsUnauthorized);

    public static readonly ApiCall TtsByKey = Tts with { Client = "tts-by-key" };

    /// <summary>Sends it.</summary>
    /// <returns>What is wrong with the answer; null when it is as it should be.</returns>
    public async Task<ApiFailure?> SendAsync(HttpClient client)
    {
        using var request = CreateRequest();
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        if (IsRejection(response.StatusCode, body))
            return new(IsRejection: true, $"rejected with {(int)response.StatusCode}");

        return response.IsSuccessStatusCode && body.Length > 0
            ? null
            : new(IsRejection: false, $"answered {(int)response.StatusCode} and {body.Length} characters");
    }

    private static bool IsUnauthorized(HttpStatusCode status, string body) => status == HttpStatusCode.Unauthorized;

    private static HttpRequestMessage Speak()
    {
        var content = new StringContent(
            """<speak version="1.0" xml:lang="en-US"><voice name="en-US-JennyNeural">Soak</voice></speak>""",
            Encoding.UTF8,
            "application/ssml+xml"
        );
        var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = content };
        request.Headers.Add("X-Microsoft-OutputFormat", "raw-8khz-16bit-mono-pcm");

        return request;
    }

    private static ByteArrayContent Audio()
    {
        var audio = new ByteArrayContent(new byte[320]);
        audio.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");

        return audio;
    }

    private static MultipartFormDataContent Picture() =>
        new()
        {
            {
                new StringContent(
                    """{"mode":["object"],"images":[{"name":"file_0"}]}""",
                    Encoding.UTF8,
                    "application/json"
                ),
                "meta"
            },
            { new ByteArrayContent(new byte[16]), "file_0", "picture.png" },
        };
}
