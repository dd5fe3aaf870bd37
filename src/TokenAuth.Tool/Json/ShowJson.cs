namespace TokenAuth.Tool;

internal sealed record ShowJson(
    ApplicationJson Application,
    IReadOnlyList<FindingJson> StoreFindings,
    IReadOnlyList<ShownProviderJson> Providers
);
