using System.Diagnostics;
using System.Security.Cryptography;

namespace TokenAuth;

/// <summary>One AES-256 key and the name that records sealed with it carry.</summary>
internal sealed class SealingKey
{
    public const int Length = 32;

    private const int NonceLength = 12; // NIST SP 800-38D section 8.2.2
    private const int TagLength = 16;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _key;

    public SealingKey(string base64)
    {
        _key = Convert.FromBase64String(base64);
        Id = Convert.ToHexString(HMACSHA256.HashData(_key, "TokenAuth key id"u8).AsSpan(0, 8));
    }

    /// <summary>Derived from the key, so that nobody has to name keys; it does not give the key away.</summary>
    public string Id { get; }

    /// <summary>Nonce, tag and cipher text, one after the other.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associatedData)
    {
        var box = new byte[NonceLength + TagLength + plain.Length];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);

        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(
            nonce,
            plain,
            box.AsSpan(NonceLength + TagLength),
            box.AsSpan(NonceLength, TagLength),
            associatedData
        );

        return box;
    }

    /// <exception cref="InvalidDataException">The box is not as it was made, or belongs to other associated data.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData)
    {
        if (box.Length < NonceLength + TagLength)
            throw new InvalidDataException("The record is too short.");

        var plain = new byte[box.Length - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        try
        {
            aes.Decrypt(
                box[..NonceLength],
                box[(NonceLength + TagLength)..],
                box.Slice(NonceLength, TagLength),
                plain,
                associatedData
            );
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidDataException("The record was changed, or moved from another key.", e);
        }

        return plain;
    }
}
