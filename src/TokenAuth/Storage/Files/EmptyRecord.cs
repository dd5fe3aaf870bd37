using System.Security.Cryptography;

namespace TokenAuth;

/// <summary>
/// The bytes in the place of a record that is not there any more. They are different each time: a holder whose lease has ended
/// finds other bytes than it leased.
/// </summary>
internal static class EmptyRecord
{
    private static ReadOnlySpan<byte> RemovedMark => "TokenAuth/removed "u8;

    private static ReadOnlySpan<byte> DamagedMark => "TokenAuth/damaged "u8;

    /// <summary>Stands for a record that was forgotten: no late write brings it back.</summary>
    public static byte[] Removed() => [.. RemovedMark, .. RandomNumberGenerator.GetBytes(16)];

    /// <summary>Stands for a damaged record that was set aside: anything that a holder writes is better than nothing.</summary>
    public static byte[] Damaged() => [.. DamagedMark, .. RandomNumberGenerator.GetBytes(16)];

    public static bool IsRemoved(ReadOnlySpan<byte> content) => content.StartsWith(RemovedMark);

    public static bool IsDamaged(ReadOnlySpan<byte> content) => content.StartsWith(DamagedMark);

    public static bool Is(ReadOnlySpan<byte> content) => IsRemoved(content) || IsDamaged(content);
}
