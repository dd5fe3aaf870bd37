namespace TokenAuth;

/// <summary>A record's place as it was read: the bytes there, and the record in them.</summary>
internal sealed record RedisPlace(byte[]? Content, TokenRecord? Record);
