using System.Security.Cryptography;
using System.Text;

namespace TokenAuth;

/// <summary>
/// Names a record by a hash. No file name or table then shows a client id, and two client ids, endpoints or vendors never share
/// a grant.
/// </summary>
public static class TokenStoreKey
{
    private const int MaxLength = 128;

    /// <summary>Returns the key of one client's record at one endpoint: 64 lower-case hexadecimal characters.</summary>
    /// <param name="vendor">The vendor whose protocol the source speaks, such as the source's name.</param>
    /// <param name="endpoint">An absolute address.</param>
    public static string For(string vendor, Uri endpoint, string clientId)
    {
        if (vendor is null)
            throw new ArgumentNullException(nameof(vendor));
        if (endpoint is null)
            throw new ArgumentNullException(nameof(endpoint));
        if (clientId is null)
            throw new ArgumentNullException(nameof(clientId));

        // Lengths before the parts: no two triples run together into one text.
        var parts = new[] { vendor, endpoint.AbsoluteUri, clientId };
        var text = string.Concat(parts.Select(part => FormattableString.Invariant($"{part.Length}:{part}\n")));

#pragma warning disable CA1850 // HashData does not exist on netstandard2.0
        using var sha256 = SHA256.Create();
        var hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA1850

        return string.Concat(hash.Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Refuses a key that could not be a file name everywhere.</summary>
    internal static void Validate(string key)
    {
        if (key is null)
            throw new ArgumentNullException(nameof(key));
        if (!IsValid(key))
            throw new ArgumentException(
                $"A store key has 1 to {MaxLength} characters of a-z, 0-9 and '-'; this one does not.",
                nameof(key)
            );
    }

    internal static bool IsValid(string key) =>
        key.Length is > 0 and <= MaxLength && key.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
