namespace TokenAuth;

/// <summary>Guesses whether a key or a token stands in an address.</summary>
internal static class SecretInAddress
{
    private const int ShortestTelling = 16; // a shorter text may be in any address

    /// <summary>
    /// True when the address has something of that shape. A resource or a tenant may be named by an id without dashes, as an older key looks: in a host of
    /// several labels, and in a path of several segments, it is a name.
    /// </summary>
    public static bool IsLikely(Uri address)
    {
        var text = Uri.UnescapeDataString(address.OriginalString);

        return SecretText.IsLikely(text)
            && (
                !address.IsAbsoluteUri
                || SecretText.Words(text).Any(SecretText.IsKey)
                || SecretText.IsLikely(Uri.UnescapeDataString(WithoutNames(address)))
            );
    }

    /// <summary>True when the address has one of these secrets in it, whatever they look like.</summary>
    public static bool Has(Uri address, IEnumerable<string?> secrets)
    {
        var text = Uri.UnescapeDataString(address.OriginalString);

        return secrets.Any(secret =>
            secret is { Length: >= ShortestTelling }
            && text.AsSpan().Contains(secret.AsSpan(), StringComparison.OrdinalIgnoreCase)
        );
    }

    private static string WithoutNames(Uri address)
    {
        var host = address.Host.IndexOf('.') > 0 ? "" : address.Host;
        var path =
            address.AbsolutePath.Split(['/'], StringSplitOptions.RemoveEmptyEntries).Length > 1
                ? ""
                : address.AbsolutePath;

        return $"{host} {path} {address.UserInfo} {address.Query} {address.Fragment}";
    }
}
