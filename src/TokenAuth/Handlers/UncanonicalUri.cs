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

    /// <summary>
    /// True when canonicalization would change nothing in the path and query of this text, which has no fragment and ends in no white space either.
    /// </summary>
    public static bool IsPlain(string text) =>
        !text.AsSpan().ContainsAnyExcept(_plain) && !text.Contains("/.", StringComparison.Ordinal);

    /// <summary>An address of this text, canonicalized if the other one is.</summary>
    public static Uri Make(string text, Uri like) => new(text, OptionsOf(like));

    /// <summary>The same for an address that a token was placed in.</summary>
    public static PlacedUri MakePlaced(string text, Uri like) => new(text, OptionsOf(like));

    private static UriCreationOptions OptionsOf(Uri uri)
    {
        // Two addresses of one text are equal only if both were canonicalized, or neither.
        var isCanonical = IsPlain(uri.OriginalString) || uri == new Uri(uri.OriginalString);
        return new() { DangerousDisablePathAndQueryCanonicalization = !isCanonical };
    }
#else
    // The frameworks of netstandard2.0 make no such addresses.

    /// <summary>True when this text has no fragment and ends in no white space.</summary>
    public static bool IsPlain(string text) => text.IndexOf('#') < 0 && !char.IsWhiteSpace(text[text.Length - 1]);

    public static Uri Make(string text, Uri like) => new(text);

    public static PlacedUri MakePlaced(string text, Uri like) => new(text);
#endif
}
