namespace TokenAuth.Tool;

/// <summary>The application that was looked at.</summary>
internal sealed record ApplicationJson(
    string Project,
    string Environment,
    string EnvironmentFrom,
    IReadOnlyList<string> Sources,
    string? Store,
    IReadOnlyList<SettingJson> StoreSettings
)
{
    public static ApplicationJson Of(ApplicationProviders providers) =>
        new(
            providers.Settings.Project.Path,
            providers.Settings.Environment.Name,
            providers.Settings.Environment.From,
            [.. providers.Settings.Sources],
            providers.Store.Kind is { } kind ? SecretText.Shown(kind) : null,
            providers.Store.Section is { } section
                ? SettingJson.Of(ShownSetting.Below(section, providers.Settings))
                : []
        );
}
