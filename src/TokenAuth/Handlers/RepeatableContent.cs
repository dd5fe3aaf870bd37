namespace TokenAuth;

/// <summary>Tells which contents yield the same bytes when they are sent again.</summary>
internal static class RepeatableContent
{
    // Exact types: a class derived from one of them may consume what it sends.
    public static bool CanBeSentAgain(HttpContent? content)
    {
        if (content is null)
            return true;

        var type = content.GetType();
        if (type == typeof(MultipartFormDataContent) || type == typeof(MultipartContent))
            return ((MultipartContent)content).All(CanBeSentAgain);
        if (type == typeof(StreamContent))
            return IsSeekable((StreamContent)content);

        return type == typeof(ByteArrayContent)
            || type == typeof(StringContent)
            || type == typeof(FormUrlEncodedContent)
#if NET
            || type == typeof(ReadOnlyMemoryContent)
            || type == typeof(System.Net.Http.Json.JsonContent);
#else
            || type.FullName is "System.Net.Http.ReadOnlyMemoryContent" or "System.Net.Http.Json.JsonContent";
#endif
    }

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
