using System.Security.Cryptography;

namespace TokenAuth;

/// <summary>
/// Turns records into the bytes that every store keeps, and back. It seals with AES-256-GCM, binds the bytes to the store key,
/// and puts an id of the encryption key before them. A store keeps the bytes and acts on the two exceptions of <see cref="Open"/>.
/// </summary>
public sealed class TokenRecordSealer
{
    private readonly SealingKey? _current;
    private readonly Dictionary<string, SealingKey> _keys;
    private readonly bool _allowUnencrypted;

    /// <summary>Reads the keys of a store's options.</summary>
    /// <exception cref="ArgumentException">
    /// No <see cref="TokenStoreOptions.EncryptionKey"/> and no <see cref="TokenStoreOptions.AllowUnencrypted"/>, or a key that is
    /// not 32 bytes in base64.
    /// </exception>
    public TokenRecordSealer(TokenStoreOptions options)
    {
        var result = new TokenStoreOptionsValidator().Validate(null, options);
        if (result.Failed)
            throw new ArgumentException(result.FailureMessage, nameof(options));

        _current = options.EncryptionKey is { } key ? new SealingKey(key) : null;
        _keys = (options.PreviousEncryptionKeys ?? [])
            .Select(previous => new SealingKey(previous))
            .Concat(_current is null ? [] : [_current])
            .DistinctBy(k => k.Id, StringComparer.Ordinal)
            .ToDictionary(k => k.Id, StringComparer.Ordinal);
        _allowUnencrypted = options.AllowUnencrypted;
    }

    /// <summary>Seals a record for this store key. <see cref="Open"/> reports it as damaged under any other key.</summary>
    public byte[] Seal(string key, TokenRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        TokenStoreKey.Validate(key);

        if (_current is null)
            return SealedEnvelope.Write(SealedEnvelope.NotEncrypted, key, TokenRecordContent.Write(record, Nonce()));

        var content = TokenRecordContent.Write(record);
        var body = _current.Encrypt(content, SealedEnvelope.AssociatedData(_current.Id, key));
        CryptographicOperations.ZeroMemory(content);

        return SealedEnvelope.Write(_current.Id, key, body);
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="InvalidDataException">
    /// The bytes are damaged, or were sealed for another store key. Set them aside and go on as if there were no record.
    /// </exception>
    /// <exception cref="TokenStoreException">
    /// The record is whole, but it has a newer version, or a key sealed it that is not configured. Leave it where it is, and
    /// write nothing over it.
    /// </exception>
    public TokenRecord Open(string key, ReadOnlySpan<byte> content)
    {
        TokenStoreKey.Validate(key);

        var envelope = SealedEnvelope.Read(content, key);
        if (envelope.RecordFormat != SealedEnvelope.Format)
            throw new TokenStoreException(
                $"The record {key} has format {envelope.RecordFormat} and this version of TokenAuth reads format "
                    + $"{SealedEnvelope.Format}; it stays as it is. Update TokenAuth, or delete the record."
            );

        if (string.Equals(envelope.KeyId, SealedEnvelope.NotEncrypted, StringComparison.Ordinal))
            return OpenUnencrypted(key, envelope.Body);

        if (!_keys.TryGetValue(envelope.KeyId, out var sealingKey))
            throw new TokenStoreException(
                $"The record {key} is sealed with the encryption key {envelope.KeyId}, which is not configured; it stays as it is. "
                    + "Configure that key as EncryptionKey or in PreviousEncryptionKeys, or delete the record."
            );

        return TokenRecordContent.Read(
            sealingKey.Decrypt(envelope.Body, SealedEnvelope.AssociatedData(envelope.KeyId, key))
        );
    }

    private static string Nonce() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    private TokenRecord OpenUnencrypted(string key, ReadOnlySpan<byte> body)
    {
        // With a key configured, whoever can write to the store could otherwise plant a record of their own.
        if (!_allowUnencrypted)
            throw new TokenStoreException(
                $"The record {key} is not encrypted and AllowUnencrypted is not set; it stays as it is. "
                    + "Set AllowUnencrypted until the record has been renewed, or delete it."
            );

        return TokenRecordContent.Read(body);
    }
}
