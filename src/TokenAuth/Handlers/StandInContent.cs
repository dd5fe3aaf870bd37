namespace TokenAuth;

/// <summary>Stands for a request's content while an inner handler has the request.</summary>
internal abstract class StandInContent : HttpContent
{
    protected StandInContent(HttpContent original)
    {
        Original = original;
#if NET
        foreach (var header in original.Headers.NonValidated)
            Headers.TryAddWithoutValidation(header.Key, header.Value);
#else
        foreach (var header in original.Headers)
            Headers.TryAddWithoutValidation(header.Key, header.Value);
#endif
    }

    public HttpContent Original { get; }

    /// <summary>A content that sends the same bytes again; null when that cannot be done.</summary>
    public abstract HttpContent? End();

    /// <summary>Gives a request its own content back.</summary>
    public static void TakeOff(HttpRequestMessage request)
    {
        if (request.Content is StandInContent standIn)
            request.Content = standIn.Original;
    }

    // The length that the original has, and none where it has none: a server that took the first request takes the second.
    protected override bool TryComputeLength(out long length)
    {
        length = Original.Headers.ContentLength ?? 0;
        return Original.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Original.Dispose();

        base.Dispose(disposing);
    }
}
