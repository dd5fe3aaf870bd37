namespace TokenAuth.Tool;

internal sealed record TokenJson(string Token, DateTimeOffset? ExpiresAt, long? ExpiresInSeconds);
