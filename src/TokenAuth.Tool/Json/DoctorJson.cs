using System.Text.Json;

namespace TokenAuth.Tool;

internal sealed record DoctorJson(
    ApplicationJson Application,
    IReadOnlyList<FindingJson> StoreFindings,
    IReadOnlyList<DiagnosisJson> Providers
)
{
    public static string Of(
        ApplicationProviders providers,
        IReadOnlyList<Finding> storeFindings,
        IReadOnlyList<ProviderDiagnosis> diagnoses,
        DateTimeOffset now
    ) =>
        JsonSerializer.Serialize(
            new DoctorJson(
                ApplicationJson.Of(providers),
                FindingJson.Of(storeFindings),
                [.. diagnoses.Select(diagnosis => DiagnosisJson.Of(diagnosis, now))]
            ),
            ToolJson.Readable.DoctorJson
        );
}
