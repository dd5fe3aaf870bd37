namespace TokenAuth;

/// <summary>A grant of this process that the store does not have yet.</summary>
/// <param name="IsOvertaken">Whether this process has taken another process' grant out of the store since.</param>
internal sealed record PendingSave(TokenRecord Record, bool IsOvertaken);
