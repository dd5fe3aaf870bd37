namespace TokenAuth;

/// <summary>One entry of a list of hosts: <c>host</c>, <c>host:port</c> or <c>.suffix</c>.</summary>
internal sealed class AllowedHost
{
    private const string Remedy =
        "Write 'api.example.com' or '.example.com' for port 443, or 'api.example.com:8443', without scheme, path or wildcard.";

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
    public static AllowedHost Parse(string entry)
    {
        if (Fault(entry) is { } fault)
            throw new ArgumentException(fault, nameof(entry));

        var uri = Address(entry, out var isSuffix)!;
        var host = HostName.Of(uri)!;
        return new(isSuffix ? "." + host : host, uri.Port, isSuffix);
    }

    /// <summary>What is wrong with an entry; null when nothing is.</summary>
    public static string? Fault(string? entry)
    {
        if (string.IsNullOrWhiteSpace(entry))
            return $"An entry of AllowedHosts is empty. {Remedy}";

        return
            Address(entry!, out var isSuffix) is { } uri
            && uri.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
            && HostName.Of(uri) is not null
            && (!isSuffix || (uri.HostNameType == UriHostNameType.Dns && !entry!.Contains(':')))
            ? null
            : $"'{entry}' in AllowedHosts is not a host. {Remedy}";
    }

    private static Uri? Address(string entry, out bool isSuffix)
    {
        isSuffix = entry[0] == '.';
        var host = isSuffix ? entry.Substring(1) : entry;

        return
            host.Length > 0
            && host[host.Length - 1] != ':'
            && host.IndexOfAny(['/', '\\', '@', '?', '#', '*', '%', ',', ';']) < 0
            && !host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            && Uri.TryCreate("https://" + host, UriKind.Absolute, out var uri)
            && uri.Host[uri.Host.Length - 1] != '.'
            && uri.PathAndQuery.Length == 1 // a strange character behind an address begins a path
            ? uri
            : null;
    }

    /// <summary>The entry that would allow this URI.</summary>
    public static string EntryFor(Uri uri)
    {
        var name = HostName.Of(uri) ?? uri.Host;
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{name}]" : name;
        return uri.IsDefaultPort ? host : FormattableString.Invariant($"{host}:{uri.Port}");
    }

    public bool Matches(string host, int port) =>
        port == _port
        && (
            _isSuffix
                ? host.EndsWith(_host, StringComparison.Ordinal)
                : string.Equals(host, _host, StringComparison.Ordinal)
        );
}
