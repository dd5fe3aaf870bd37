namespace TokenAuth;

/// <summary>The settings of a kind by their names, which ignore case.</summary>
internal static class ProviderSettings
{
    public static IReadOnlyDictionary<string, SettingType> Named(params (string Name, SettingType Type)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => setting.Type, StringComparer.OrdinalIgnoreCase);
}
