namespace TokenAuth;

/// <summary>The query of an address, as it was written.</summary>
internal static class RequestQuery
{
    public static bool Has(Uri uri, string name)
    {
        var text = uri.OriginalString;
        var rest = text.AsSpan(0, EndIn(uri, text));
        for (var mark = rest.IndexOf('?'); mark >= 0; mark = rest.IndexOf('&'))
        {
            rest = rest.Slice(mark + 1);
            if (IsNamed(rest, name))
                return true;
        }

        return false;
    }

    /// <summary>Where the query ends in the address' text: at its fragment, which is not sent, or with the text.</summary>
    public static int EndIn(Uri uri, string text) =>
        text.IndexOf('#') is >= 0 and var fragment && uri.Fragment.Length > 0 ? fragment : text.Length;

    /// <summary>Whether a text begins with this parameter.</summary>
    public static bool IsNamed(ReadOnlySpan<char> parameter, string name) =>
        parameter.StartsWith(name.AsSpan(), StringComparison.Ordinal)
        && (parameter.Length == name.Length || parameter[name.Length] is '=' or '&');
}
