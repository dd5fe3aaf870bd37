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
        if (HostName.Of(uri) is not { } host)
            return false;

        if (string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal))
            return Loopback.Is(uri, host) || Array.Exists(_hosts, entry => entry.Matches(host, uri.Port));

        return string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal) && Loopback.Is(uri, host);
    }
}
