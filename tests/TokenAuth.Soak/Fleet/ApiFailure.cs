namespace TokenAuth.Soak;

/// <summary>An answer that is not the one asked for.</summary>
/// <param name="IsRejection">Whether the service refused the token.</param>
internal sealed record ApiFailure(bool IsRejection, string What);
