namespace TokenAuth;

/// <summary>A row as it was read. A key without a row has version 0 and no record.</summary>
internal readonly record struct StoredRow(long Version, byte[]? Record);
