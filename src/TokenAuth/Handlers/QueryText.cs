namespace TokenAuth;

/// <summary>Takes parameters out of an address and leaves every other character as it was written.</summary>
internal static class QueryText
{
    /// <param name="isDropped">Says of the parameter at an index whether it goes.</param>
    public static Uri Without(Uri uri, Func<string[], int, bool> isDropped)
    {
        var text = uri.OriginalString;
        var end = RequestQuery.EndIn(uri, text);
        var mark = text.IndexOf('?');
        if (mark < 0 || mark > end)
            return uri;

        var parameters = text.Substring(mark + 1, end - mark - 1).Split('&');
        var kept = parameters.Where((_, i) => !isDropped(parameters, i)).ToList();
        if (kept.Count == parameters.Length)
            return uri;

        var query = kept.Count == 0 ? "" : "?" + string.Join("&", kept);
        return UncanonicalUri.Make(string.Concat(text.Substring(0, mark), query, text.Substring(end)), uri);
    }
}
