namespace TokenAuth;

/// <summary>This machine and no other: where a credential may go without TLS, for tests and emulators.</summary>
internal static class Loopback
{
    // Not Uri.IsLoopback: it also takes forms that a resolver may send elsewhere.
    public static bool Is(Uri address) => Is(address, address.IdnHost);

    /// <summary>The same for a host that the caller has at hand.</summary>
    public static bool Is(Uri address, string idnHost) =>
        address.HostNameType switch
        {
            UriHostNameType.Dns => string.Equals(idnHost, "localhost", StringComparison.Ordinal),
            UriHostNameType.IPv4 => idnHost.StartsWith("127.", StringComparison.Ordinal),
            UriHostNameType.IPv6 => string.Equals(idnHost, "::1", StringComparison.Ordinal),
            _ => false,
        };
}
