namespace TokenAuth;

/// <summary>Something that has been failing.</summary>
/// <param name="Since">The first failure since it last worked.</param>
/// <param name="Cause">The latest one, in words that show no secret.</param>
internal sealed record Trouble(DateTimeOffset Since, string Cause);
