namespace TokenAuth;

/// <summary>The record of a provider as its store has it, for somebody who only looks.</summary>
/// <param name="HasRead">False when the store cannot say.</param>
/// <param name="Record">Null when the store has none.</param>
/// <param name="State">How far its token is in its life; null when it is of another secret, from the future or expired.</param>
internal sealed record StoredGrant(bool HasRead, TokenRecord? Record, TokenState? State);
