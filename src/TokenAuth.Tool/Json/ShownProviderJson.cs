namespace TokenAuth.Tool;

internal sealed record ShownProviderJson(
    string Name,
    string Kind,
    string State,
    DateTimeOffset? ExpiresAt,
    long? ExpiresInSeconds,
    DateTimeOffset? RequestedAt,
    string? Fingerprint,
    string? RefreshTokenFingerprint,
    IReadOnlyList<FindingJson> Findings,
    IReadOnlyList<SettingJson> Settings
);
