using System.Security.Cryptography;

namespace TokenAuth;

/// <summary>
/// The bytes in the place of a record that was removed. They are different each time: a holder whose lease has ended finds other
/// bytes than it leased and cannot bring the record back.
/// </summary>
internal static class RemovedRecord
{
    private static ReadOnlySpan<byte> Mark => "TokenAuth/removed "u8;

    public static byte[] Create() => [.. Mark, .. RandomNumberGenerator.GetBytes(16)];

    public static bool Is(ReadOnlySpan<byte> content) => content.StartsWith(Mark);
}
