namespace TokenAuth;

/// <summary>One entry of a list of hosts: <c>host</c>, <c>host:port</c> or <c>.suffix</c>.</summary>
internal sealed class AllowedHost
{
    private const int NoPort = -1;

    private readonly string _host; // as a connection sees it: lower case, punycode, canonical address
    private readonly int _port;
    private readonly bool _isSuffix;

    private AllowedHost(string host, int port, bool isSuffix)
    {
        _host = host;
        _port = port;
        _isSuffix = isSuffix;
    }

    /// <exception cref="ArgumentException">The entry is none; the message says how to write it.</exception>
    public static AllowedHost Parse(string entry) =>
        Read(entry) ?? throw new ArgumentException(HostEntryError.OfAllowedHosts(entry), nameof(entry));

    /// <summary>Null unless the text is a host with at least one dot, a bare name with a port, an address, or a suffix of at least two labels.</summary>
    public static AllowedHost? Read(string entry)
    {
        var isSuffix = entry.Length > 0 && entry[0] == '.';
        if (Address(isSuffix ? entry.Substring(1) : entry) is not { } uri || HostName.Of(uri) is not { } name)
            return null;

        var port = Port(entry, uri);
        if (port == 0 || (isSuffix && port != NoPort))
            return null;

        var isKnownEnough = uri.HostNameType switch
        {
            UriHostNameType.Dns => name.Contains('.') || (port != NoPort && !isSuffix),
            UriHostNameType.IPv4 or UriHostNameType.IPv6 => !isSuffix,
            _ => false,
        };
        return isKnownEnough ? new(isSuffix ? "." + name : name, port, isSuffix) : null;
    }

    /// <summary>The entry that would allow this URI.</summary>
    public static string EntryFor(Uri uri)
    {
        var name = HostName.Of(uri) ?? uri.Host;
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{name}]" : name;
        var needsPort =
            !uri.IsDefaultPort || (uri.Port > 0 && uri.HostNameType == UriHostNameType.Dns && !name.Contains('.'));
        return needsPort ? FormattableString.Invariant($"{host}:{uri.Port}") : host;
    }

    /// <param name="defaultPort">The port of an entry that names none: 443, or 80 where http is allowed.</param>
    public bool Matches(string host, int port, int defaultPort = 443) =>
        port == (_port == NoPort ? defaultPort : _port)
        && (
            _isSuffix
                ? host.EndsWith(_host, StringComparison.Ordinal)
                : string.Equals(host, _host, StringComparison.Ordinal)
        );

    /// <summary>A host, and perhaps a port, as an address; null when the text is more or less than that.</summary>
    public static Uri? Address(string host) =>
        host.Length > 0
        && host[host.Length - 1] != ':'
        && host.IndexOfAny(['/', '\\', '@', '?', '#', '*', '%', ',', ';']) < 0
        && !host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
        && Uri.TryCreate("https://" + host, UriKind.Absolute, out var uri)
        && !EndsInDot(uri)
        && uri.PathAndQuery.Length == 1 // a strange character behind an address begins a path
            ? uri
            : null;

    // Other writings have full stops of their own, which are dots to a connection (RFC 3490 section 3.1).
    private static bool EndsInDot(Uri uri) => HostName.Of(uri) is { } name && name[name.Length - 1] == '.';

    /// <summary>The port that the text names, be it the scheme's own.</summary>
    private static int Port(string host, Uri uri) => host.LastIndexOf(':') > host.LastIndexOf(']') ? uri.Port : NoPort;
}
