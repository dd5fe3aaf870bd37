namespace TokenAuth;

/// <summary>This machine and no other: where a credential may go without TLS, for tests and emulators.</summary>
internal static class Loopback
{
    // Not Uri.IsLoopback: it also takes forms that a resolver may send elsewhere.
    public static bool Is(Uri address) => HostName.Of(address) is { } host && Is(address, host);

    /// <summary>The same for a host that the caller has at hand.</summary>
    public static bool Is(Uri address, string host) =>
        address.HostNameType switch
        {
            UriHostNameType.Dns => string.Equals(host, "localhost", StringComparison.Ordinal),
            UriHostNameType.IPv4 => host.StartsWith("127.", StringComparison.Ordinal),
            UriHostNameType.IPv6 => string.Equals(host, "::1", StringComparison.Ordinal),
            _ => false,
        };
}
