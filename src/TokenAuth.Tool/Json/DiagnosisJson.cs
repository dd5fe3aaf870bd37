namespace TokenAuth.Tool;

internal sealed record DiagnosisJson(
    string Name,
    string Kind,
    bool Works,
    DateTimeOffset? ExpiresAt,
    long? ExpiresInSeconds,
    double DurationSeconds,
    IReadOnlyList<FindingJson> Findings,
    IReadOnlyList<SettingJson> Settings
)
{
    public static DiagnosisJson Of(ProviderDiagnosis diagnosis, DateTimeOffset now) =>
        new(
            diagnosis.Name,
            diagnosis.Kind,
            diagnosis.Works,
            diagnosis.ExpiresAt,
            diagnosis.ExpiresAt is { } end ? Moment.Seconds(end, now) : null,
            Math.Round(diagnosis.Duration.TotalSeconds, 3),
            FindingJson.Of(diagnosis.Findings),
            SettingJson.Of(diagnosis.Settings)
        );
}
