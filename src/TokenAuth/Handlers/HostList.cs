namespace TokenAuth;

/// <summary>The hosts that the options and the provider name, and loopback.</summary>
internal sealed class HostList
{
    private const int HttpPort = 80;

    private readonly string[] _own;
    private readonly string[] _theirs;
    private readonly AllowedHost[] _hosts;
    private readonly AllowedHost[] _http; // over http and https

    /// <exception cref="ArgumentException">An entry is not a host.</exception>
    public HostList(string[] own, string[] http, IReadOnlyCollection<string>? theirs)
    {
        _own = [.. own, .. http];
        _theirs = [.. theirs ?? []];
        _http = [.. http.Select(AllowedHost.Parse)];
        _hosts = [.. own.Concat(_theirs).Select(AllowedHost.Parse), .. _http];
    }

    /// <summary>The entries as they were written, the provider's first.</summary>
    public IEnumerable<string> Entries => _theirs.Concat(_own).Distinct(StringComparer.OrdinalIgnoreCase);

    public bool IsMadeOf(IReadOnlyCollection<string>? theirs) =>
        _theirs.SequenceEqual(theirs ?? [], StringComparer.Ordinal);

    public bool Allows(Uri uri)
    {
        if (HostName.Of(uri) is not { } host)
            return false;
        if (RequestScheme.IsSecure(uri))
            return Loopback.Is(uri, host) || Array.Exists(_hosts, entry => entry.Matches(host, uri.Port));

        return RequestScheme.IsPlain(uri)
            && (Loopback.Is(uri, host) || Array.Exists(_http, entry => entry.Matches(host, uri.Port, HttpPort)));
    }

    /// <summary>True when a request to this allowed URI may have this Host header.</summary>
    public bool AllowsHostHeader(string header, Uri uri)
    {
        if (AllowedHost.Address(header) is not { } address || HostName.Of(address) is not { } host)
            return false;
        if (Loopback.Is(address, host))
            return Loopback.Is(uri);
        if (string.Equals(host, HostName.Of(uri), StringComparison.Ordinal) && address.IsDefaultPort)
            return true;

        // TLS and the server follow the name; without a port it is that of the connection.
        var entries = RequestScheme.IsSecure(uri) || Loopback.Is(uri) ? _hosts : _http;
        return Array.Exists(entries, entry => entry.Matches(host, address.Port))
            || (address.IsDefaultPort && Array.Exists(entries, entry => entry.Matches(host, uri.Port)));
    }
}
