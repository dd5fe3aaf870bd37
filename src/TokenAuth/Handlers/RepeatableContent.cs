namespace TokenAuth;

/// <summary>Tells which contents yield the same bytes when they are sent again. All others are recorded while they are sent.</summary>
internal static class RepeatableContent
{
    private const string ContentLength = "Content-Length";

    /// <summary>True when a content has to be recorded. Costs nothing for a content that consists of bytes already.</summary>
    public static bool NeedsRecord(HttpContent content)
    {
        var type = content.GetType();
        if (type == typeof(StreamContent) && content.Headers.Contains(ContentLength))
            return !IsSeekable((StreamContent)content);
        if (type == typeof(StreamContent))
            return content.Headers.ContentLength is null; // it computes its length where its stream is seekable
        if (IsMultipart(type))
            return content.Headers.ContentLength is null || !HasKnownParts((MultipartContent)content);

        return !IsBytes(type);
    }

    // Exact types: a class derived from one of them may consume what it sends.
    public static bool CanBeSentAgain(HttpContent? content)
    {
        if (content is null)
            return true;

        var type = content.GetType();
        if (IsMultipart(type))
            return ((MultipartContent)content).All(CanBeSentAgain);

        return type == typeof(StreamContent) ? IsSeekable((StreamContent)content) : IsBytes(type);
    }

    private static bool IsMultipart(Type type) =>
        type == typeof(MultipartFormDataContent) || type == typeof(MultipartContent);

    // A stream among them is seekable: without its length the whole would have none. To ask the stream itself would give the part a header.
    private static bool HasKnownParts(MultipartContent content)
    {
        foreach (var part in MultipartParts.Of(content))
        {
            var type = part.GetType();
            var isKnown = IsMultipart(type)
                ? HasKnownParts((MultipartContent)part)
                : type == typeof(StreamContent) || IsBytes(type);
            if (!isKnown)
                return false;
        }

        return true;
    }

    // Not JsonContent: it serializes anew, and its value may yield something else by then.
    private static bool IsBytes(Type type) =>
        type == typeof(ByteArrayContent)
        || type == typeof(StringContent)
        || type == typeof(FormUrlEncodedContent)
#if NET
        || type == typeof(ReadOnlyMemoryContent);
#else
        || type.FullName is "System.Net.Http.ReadOnlyMemoryContent";
#endif

    // The content rewinds its stream by itself; reading it as a stream only shows it.
    private static bool IsSeekable(StreamContent content)
    {
        try
        {
#if NET
            return content.ReadAsStream().CanSeek;
#else
            var stream = content.ReadAsStreamAsync();
            return stream.Status == TaskStatus.RanToCompletion && stream.Result.CanSeek;
#endif
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
