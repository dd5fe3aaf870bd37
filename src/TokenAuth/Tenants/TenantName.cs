using System.Globalization;

namespace TokenAuth;

/// <summary>A tenant's name outside memory, where it is anybody's text: bounded in a message, hashed in a store's key.</summary>
internal static class TenantName
{
    private const int LongestShown = 64;

    private static readonly Uri _urn = new("urn:token-tenant");

    /// <summary>The name in a message: no key or token, one line, 64 characters at most.</summary>
    public static string Shown(string tenant)
    {
        if (SecretText.IsLikely(tenant.Length > 1_000 ? tenant.Substring(0, 1_000) : tenant))
            return "…";

        var shown = string.Concat(tenant.Take(LongestShown).Select(c => IsPlain(c) ? c : '?'));

        return tenant.Length > LongestShown ? shown + "…" : shown;
    }

    /// <summary>
    /// The key of a tenant's record. Of the two names alone, so that two tenants with one client share no record and one that left can be
    /// forgotten without its credential.
    /// </summary>
    public static string KeyOf(string providerName, string tenant) =>
        TokenStoreKey.For(
            providerName.ToUpperInvariant(),
            _urn,
            IsWellFormed(tenant) ? "=" + tenant : "#" + Hex(tenant)
        );

    private static bool IsPlain(char c) =>
        !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\u2028' or '\u2029');

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
