using System.Security.Cryptography;
using System.Text;

namespace TokenAuth;

/// <summary>Tells two secrets apart without showing either.</summary>
internal static class SecretDigest
{
    private const int Length = 16;

    /// <summary>The first 16 bytes of the secret's SHA-256, in hex; null for no secret.</summary>
    public static string? Of(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
            return null;

#if NET
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), 0, Length);
#else
        using var sha = SHA256.Create();

        return BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(secret)), 0, Length).Replace("-", "");
#endif
    }
}
