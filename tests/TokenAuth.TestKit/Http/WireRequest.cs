using System.Globalization;

namespace TokenAuth.TestKit;

/// <summary>A request as it left, read before anybody could dispose it.</summary>
public sealed record WireRequest(
    string Method,
    string Address,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    DateTimeOffset At
)
{
    public static async Task<WireRequest> FromAsync(HttpRequestMessage request, DateTimeOffset at)
    {
        var headers = request.Headers.Concat(
            request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()
        );
        var recorded = headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value));
        if (request.Content?.Headers.ContentLength is { } length)
            recorded["Content-Length"] = length.ToString(CultureInfo.InvariantCulture);

        return new WireRequest(
            request.Method.Method,
            request.RequestUri!.AbsoluteUri,
            recorded,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(),
            at
        );
    }
}
