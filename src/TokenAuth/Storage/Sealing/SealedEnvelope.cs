using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TokenAuth;

/// <summary>
/// The envelope of a record in a file or a row: one readable line (<c>TokenAuth/1 3F…</c>, format and key id), the body, and the
/// SHA-256 of both and of the store's key. The checksum is no protection; it tells a damaged record, which may be set aside, from one that is whole
/// but beyond this process: sealed with another key, or of a newer format. Every later format keeps the line and the checksum.
/// </summary>
internal readonly ref struct SealedEnvelope
{
    public const int Format = 1;
    public const string NotEncrypted = "plain";

    private const string Magic = "TokenAuth/";
    private const int MaxHeaderLength = 64;

    private SealedEnvelope(int format, string keyId, ReadOnlySpan<byte> body)
    {
        RecordFormat = format;
        KeyId = keyId;
        Body = body;
    }

    public int RecordFormat { get; }
    public string KeyId { get; }
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The associated data of the body: the header and the store's key.</summary>
    public static byte[] AssociatedData(string keyId, string storeKey) =>
        Encoding.ASCII.GetBytes(Header(Format, keyId) + storeKey);

    public static byte[] Write(string keyId, string storeKey, ReadOnlySpan<byte> body, int format = Format)
    {
        var header = Encoding.ASCII.GetBytes(Header(format, keyId));

        return [.. header, .. body, .. Checksum([.. header, .. body], storeKey)];
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static SealedEnvelope Read(ReadOnlySpan<byte> envelope, string storeKey)
    {
        if (envelope.Length < SHA256.HashSizeInBytes)
            throw new InvalidDataException("The record is too short.");

        var content = envelope[..^SHA256.HashSizeInBytes];
        if (!envelope[^SHA256.HashSizeInBytes..].SequenceEqual(Checksum(content, storeKey)))
            throw new InvalidDataException("The record was changed, or moved from another key.");

        var lineEnd = content[..Math.Min(MaxHeaderLength, content.Length)].IndexOf((byte)'\n');
        var line = Encoding.ASCII.GetString(content[..Math.Max(lineEnd, 0)]).Split(' ');
        if (
            line.Length != 2
            || !line[0].StartsWith(Magic, StringComparison.Ordinal)
            || !int.TryParse(
                line[0].AsSpan(Magic.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var format
            )
        )
            throw new InvalidDataException("The record does not begin as one of TokenAuth does.");

        return new SealedEnvelope(format, line[1], content[(lineEnd + 1)..]);
    }

    private static byte[] Checksum(ReadOnlySpan<byte> content, string storeKey) =>
        SHA256.HashData([.. content, .. Encoding.ASCII.GetBytes(storeKey)]);

    private static string Header(int format, string keyId) =>
        string.Create(CultureInfo.InvariantCulture, $"{Magic}{format} {keyId}\n");
}
