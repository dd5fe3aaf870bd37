using System.Globalization;

namespace TokenAuth;

/// <summary>Names the record of a tenant, whose name is anybody's text, by a hash.</summary>
internal static class TenantStoreKey
{
    private static readonly Uri _urn = new("urn:token-tenant");

    /// <summary>
    /// The key of a tenant's record. Of the two names alone, so that two tenants with one client share no record and one that left can be
    /// forgotten without its credential.
    /// </summary>
    public static string For(string providerName, string tenant) =>
        TokenStoreKey.For(
            providerName.ToUpperInvariant(),
            _urn,
            IsWellFormed(tenant) ? "=" + tenant : "#" + Hex(tenant)
        );

    // UTF-8 has one replacement for all halves of pairs, and names that differ in them would share a key.
    private static bool IsWellFormed(string tenant)
    {
        for (var i = 0; i < tenant.Length; i++)
            if (
                char.IsSurrogate(tenant[i]) && (i + 1 == tenant.Length || !char.IsSurrogatePair(tenant[i], tenant[++i]))
            )
                return false;

        return true;
    }

    private static string Hex(string tenant) =>
        string.Concat(tenant.Select(c => ((int)c).ToString("x4", CultureInfo.InvariantCulture)));
}
