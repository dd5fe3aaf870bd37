namespace TokenAuth;

/// <summary>A URI's host as a connection sees it: lower case, punycode, canonical addresses.</summary>
internal static class HostName
{
    /// <summary>Null when it is no name by the rules of RFC 5891, so that no connection to it can be made.</summary>
    public static string? Of(Uri uri)
    {
        try
        {
            return uri.IdnHost;
        }
        catch (UriFormatException)
        {
            return null; // Uri parses such a host, and looks at its characters only now
        }
    }
}
