namespace TokenAuth;

/// <summary>The hosts that the options and the provider name, and loopback.</summary>
internal sealed class HostList
{
    private readonly string[] _theirs;
    private readonly AllowedHost[] _hosts;

    /// <exception cref="ArgumentException">An entry is not a host.</exception>
    public HostList(IEnumerable<string> own, IReadOnlyCollection<string>? theirs)
    {
        _theirs = [.. theirs ?? []];
        _hosts = [.. own.Concat(_theirs).Select(AllowedHost.Parse)];
    }

    public bool IsMadeOf(IReadOnlyCollection<string>? theirs) =>
        _theirs.SequenceEqual(theirs ?? [], StringComparer.Ordinal);

    public bool Allows(Uri uri)
    {
        // IdnHost is what the connection is made to: lower case, punycode, canonical addresses.
        var host = uri.IdnHost;
        if (string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal))
            return IsLoopback(uri, host) || Array.Exists(_hosts, entry => entry.Matches(host, uri.Port));

        return string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal) && IsLoopback(uri, host);
    }

    // Not Uri.IsLoopback: it also takes forms that a resolver may send elsewhere.
    private static bool IsLoopback(Uri uri, string host) =>
        uri.HostNameType switch
        {
            UriHostNameType.Dns => string.Equals(host, "localhost", StringComparison.Ordinal),
            UriHostNameType.IPv4 => host.StartsWith("127.", StringComparison.Ordinal),
            UriHostNameType.IPv6 => string.Equals(host, "::1", StringComparison.Ordinal),
            _ => false,
        };
}
