namespace TokenAuth;

/// <summary>An outage that goes on: its beginning and its latest cause.</summary>
/// <param name="Since">The first failure since it last worked.</param>
/// <param name="Cause">The latest one, in words that show no secret.</param>
internal sealed record OutageReport(DateTimeOffset Since, string Cause);
