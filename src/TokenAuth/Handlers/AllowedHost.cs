namespace TokenAuth;

/// <summary>One entry of a list of hosts: <c>host</c>, <c>host:port</c> or <c>.suffix</c>.</summary>
internal sealed class AllowedHost
{
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
    public static AllowedHost Parse(string? entry)
    {
        if (string.IsNullOrWhiteSpace(entry))
            throw new ArgumentException($"An entry of AllowedHosts is empty. {Remedy}", nameof(entry));

        var isSuffix = entry![0] == '.';
        var host = isSuffix ? entry.Substring(1) : entry;
        if (
            host.IndexOfAny(['/', '\\', '@', '?', '#', '*', '%', ',', ';']) >= 0
            || host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            || host.Length == 0
            || host[host.Length - 1] is '.' or ':'
            || !Uri.TryCreate("https://" + host, UriKind.Absolute, out var uri)
            || uri.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic
            || isSuffix && (uri.HostNameType != UriHostNameType.Dns || host.Contains(':'))
        )
            throw new ArgumentException($"'{entry}' in AllowedHosts is not a host. {Remedy}", nameof(entry));

        return new(isSuffix ? "." + uri.IdnHost : uri.IdnHost, uri.Port, isSuffix);
    }

    /// <summary>The entry that would allow this URI.</summary>
    public static string EntryFor(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
        return uri.IsDefaultPort ? host : FormattableString.Invariant($"{host}:{uri.Port}");
    }

    public bool Matches(string host, int port) =>
        port == _port
        && (
            _isSuffix
                ? host.EndsWith(_host, StringComparison.Ordinal)
                : string.Equals(host, _host, StringComparison.Ordinal)
        );

    private const string Remedy =
        "Write 'api.example.com' or '.example.com' for port 443, or 'api.example.com:8443', without scheme, path or wildcard.";
}
