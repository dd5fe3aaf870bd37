namespace TokenAuth;

/// <summary>The query of an address, as it was written.</summary>
internal static class RequestQuery
{
    public static bool Has(Uri uri, string name)
    {
        var text = uri.OriginalString;
        return Find(name, text, text.IndexOf('?')) is >= 0 and var mark && !IsInFragment(uri, text, mark);
    }

    /// <summary>Where the <c>?</c> or <c>&amp;</c> in front of the parameter is, in the query or the fragment; less than zero when there is none.</summary>
    /// <param name="mark">Where the first <c>?</c> is; less than zero when there is none.</param>
    public static int Find(string name, string text, int mark)
    {
        while (mark >= 0 && !IsNamed(text.AsSpan(mark + 1), name))
            mark = text.IndexOf('&', mark + 1);

        return mark;
    }

    /// <summary>The end of the query in the address: its fragment, which is not sent, or the end of the text.</summary>
    public static int EndIn(Uri uri, string text) =>
        text.IndexOf('#') is >= 0 and var fragment && uri.Fragment.Length > 0 ? fragment : text.Length;

    /// <summary>True when a text begins with this parameter, whose name a server decodes before it reads it (RFC 3986 section 2.1).</summary>
    public static bool IsNamed(ReadOnlySpan<char> parameter, string name)
    {
        if (parameter.IsEmpty || (parameter[0] != name[0] && parameter[0] != '%'))
            return false;
        if (parameter.StartsWith(name.AsSpan(), StringComparison.Ordinal))
            return parameter.Length == name.Length || parameter[name.Length] is '=' or '&' or '#';

        var written = parameter.IndexOfAny('=', '&', '#') is >= 0 and var end ? parameter.Slice(0, end) : parameter;
        return written.IndexOf('%') >= 0
            && string.Equals(Uri.UnescapeDataString(written.ToString()), name, StringComparison.Ordinal);
    }

    // Looks at nothing behind the parameter: a token is long.
    private static bool IsInFragment(Uri uri, string text, int mark) =>
        text.IndexOf('#', 0, mark) >= 0 && uri.Fragment.Length > 0;
}
