using System.Security.Cryptography;
using System.Text;

namespace TokenAuth;

/// <summary>
/// Stands in the place of a record that was removed: what a holder leased before differs from it, so that a late write does not bring the
/// record back. Random, so that no two removals have the same one.
/// </summary>
internal static class RedisRemovedMark
{
    public const string Beginning = "TokenAuth removed ";

    /// <summary>By then a holder that was frozen before the removal has a token that no service takes.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(1);

    public static byte[] Create() =>
        Encoding.ASCII.GetBytes(Beginning + Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    public static bool Is(byte[] content) => content.AsSpan().StartsWith(Encoding.ASCII.GetBytes(Beginning));
}
