using FsCheck;
using FsCheck.Fluent;

namespace TokenAuth.Tests.Fuzzing;

/// <summary>Bytes as they should not be: one in two is left alone, the others are changed in up to four places.</summary>
internal static class Spoiling
{
    public static Gen<byte[]> Spoilt(this Gen<byte[]> generated) =>
        Gen.OneOf(
            generated,
            from bytes in generated
            from changes in Change().NonEmptyListOf()
            select changes.Take(4).Aggregate(bytes, (spoilt, change) => change(spoilt))
        );

    public static Gen<byte[]> Bytes() => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();

    /// <summary>The smaller cases among which FsCheck looks for one that fails as well.</summary>
    public static IEnumerable<byte[]> Shrunk(byte[] bytes)
    {
        for (var length = bytes.Length / 2; length > 0; length /= 2)
        for (var start = 0; start + length <= bytes.Length; start += length)
            yield return [.. bytes[..start], .. bytes[(start + length)..]];
    }

    private static Gen<Func<byte[], byte[]>> Change() =>
        from kind in Gen.Choose(0, 4)
        from position in Gen.Choose(0, int.MaxValue - 1)
        from value in Gen.Choose(0, 255)
        select (Func<byte[], byte[]>)(
            bytes =>
            {
                var at = bytes.Length == 0 ? 0 : position % bytes.Length;

                return kind switch
                {
                    0 => [.. bytes[..at], (byte)value, .. bytes[at..]],
                    _ when bytes.Length == 0 => bytes,
                    1 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << (value % 8))), .. bytes[(at + 1)..]],
                    2 => [.. bytes[..at], .. bytes[(at + 1)..]],
                    3 => bytes[..at],
                    _ => [.. bytes[..at], .. bytes[at..], .. bytes[at..]],
                };
            }
        );
}
