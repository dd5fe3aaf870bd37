namespace TokenAuth;

/// <summary>A row as it was read.</summary>
/// <param name="Length">Of the record, in bytes; null when the row has none.</param>
/// <param name="Record">Null also when it is too long to be one.</param>
internal readonly record struct StoredRow(long Version, DateTime WrittenAt, int? Length, byte[]? Record);
