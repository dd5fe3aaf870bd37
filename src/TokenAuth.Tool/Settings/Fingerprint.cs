using System.Security.Cryptography;
using System.Text;

namespace TokenAuth.Tool;

/// <summary>Tells two secrets apart without showing either.</summary>
internal static class Fingerprint
{
    private const int Length = 4;
    private const int Guessable = 12;

    /// <summary>The first eight digits of the SHA-256; null for a text that is so short that a fingerprint would confirm a guess.</summary>
    public static string? Of(string secret) =>
        secret.Length < Guessable
            ? null
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan(0, Length));

    /// <summary>Length and fingerprint, as a person reads them.</summary>
    public static string Describe(string secret) =>
        secret.Length == 0 ? "empty"
        : Of(secret) is { } fingerprint
            ? FormattableString.Invariant($"{secret.Length} characters, fingerprint {fingerprint}")
        : FormattableString.Invariant($"{secret.Length} characters");
}
