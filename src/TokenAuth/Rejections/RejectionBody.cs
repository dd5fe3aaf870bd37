using System.Runtime.ExceptionServices;
using System.Text.Json;

namespace TokenAuth;

/// <summary>
/// Looks for a refusal at the start of a response's body: JSON only, at most 8 KiB, no further than it takes to decide. The
/// body stays readable from its beginning and is still streamed.
/// </summary>
internal static class RejectionBody
{
    public const int MaxLength = 8 * 1024;
    private const int FirstRead = 1024; // doubled, it meets MaxLength
    private const string Json = "json";

    public static ValueTask<bool> MatchesAsync<TRule>(HttpResponseMessage response, CancellationToken cancellationToken)
        where TRule : class, IRejectionRule, new() => MatchesAsync(response, new TRule(), cancellationToken);

    public static ValueTask<bool> MatchesAsync(
        HttpResponseMessage response,
        IRejectionRule rule,
        CancellationToken cancellationToken
    ) => MayTell(response) ? new(LookAsync(response, rule, cancellationToken)) : default;

    /// <summary>True when the body is JSON and short enough to look into.</summary>
    public static bool MayTell(HttpResponseMessage response) =>
        response.Content is { } content && IsJson(content) && content.Headers.ContentLength is null or <= MaxLength;

    private static bool IsJson(HttpContent content)
    {
#if NET
        // Not ContentType: that parses the header and allocates for every picture that comes back.
        if (!content.Headers.NonValidated.TryGetValues("Content-Type", out var values))
            return false;

        var mediaType = values.ToString().AsSpan();
        if (mediaType.StartsWith("audio/", StringComparison.Ordinal))
            return false; // speech, seen without a scan for parameters
#else
        var mediaType = (content.Headers.ContentType?.MediaType).AsSpan();
#endif
        if (mediaType.IndexOf(';') is >= 0 and var end)
            mediaType = mediaType.Slice(0, end);

        mediaType = mediaType.Trim();
        return mediaType.Length > Json.Length
            && mediaType.EndsWith(Json.AsSpan(), StringComparison.OrdinalIgnoreCase)
            && mediaType[mediaType.Length - Json.Length - 1] is '/' or '+';
    }

    private static async Task<bool> LookAsync(
        HttpResponseMessage response,
        IRejectionRule rule,
        CancellationToken cancellationToken
    )
    {
#if NET
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        var stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
        var start = stream.CanSeek ? stream.Position : 0;
        var scan = new RejectionScan(rule);
        var prefix = new byte[FirstRead];
        var length = 0;
        ExceptionDispatchInfo? error = null;

        try
        {
            while (scan.Verdict is null && length < MaxLength)
            {
                if (length == prefix.Length)
                    Array.Resize(ref prefix, prefix.Length * 2);

                var read = await ReadAsync(stream, prefix, length, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    break;

                length += read;
                scan.Continue(prefix.AsSpan(0, length));
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The caller, who reads the body, is to see the failure: many streams report it only once and then their end.
            error = ExceptionDispatchInfo.Capture(e);
        }

        if (stream.CanSeek && error is null)
            stream.Position = start;
        else
            response.Content = Replay(
                response.Content,
                new PrefixedStream(prefix, length, stream, response.Content, error)
            );

        return scan.Verdict is true;
    }

#if NET
    private static ValueTask<int> ReadAsync(
        Stream stream,
        byte[] buffer,
        int offset,
        CancellationToken cancellationToken
    ) => stream.ReadAsync(buffer.AsMemory(offset), cancellationToken);
#else
    private static Task<int> ReadAsync(Stream stream, byte[] buffer, int offset, CancellationToken cancellationToken) =>
        stream.ReadAsync(buffer, offset, buffer.Length - offset, cancellationToken);
#endif

    private static StreamContent Replay(HttpContent original, Stream body)
    {
        var replay = new StreamContent(body);
        foreach (var header in original.Headers)
            replay.Headers.TryAddWithoutValidation(header.Key, header.Value);

        return replay;
    }
}
