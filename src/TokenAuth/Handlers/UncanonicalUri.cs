#if NET
using System.Buffers;
#endif

namespace TokenAuth;

/// <summary>
/// Addresses that were made without canonicalization of path and query (<c>UriCreationOptions</c>): what is made of one has to be made so
/// too, or other bytes go out than the application wrote.
/// </summary>
internal static class UncanonicalUri
{
#if NET
    // Canonicalization leaves these as they are. A dot is looked at apart.
    private static readonly SearchValues<char> _plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?&=+@!$'()*,;[]"
    );

    /// <summary>True when an address of this text may be another one without canonicalization.</summary>
    public static bool MayBe(string text) =>
        text.AsSpan().ContainsAnyExcept(_plain) || text.Contains("/.", StringComparison.Ordinal);

    /// <summary>An address of this text, canonicalized if the other one is.</summary>
    public static Uri Make(string text, Uri like) =>
        MayBe(like.OriginalString) && like != new Uri(like.OriginalString) // only what was made in the same way is equal
            ? new(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })
            : new(text);
#else
    public static bool MayBe(string text) => false; // the frameworks of netstandard2.0 make none

    public static Uri Make(string text, Uri like) => new(text);
#endif
}
