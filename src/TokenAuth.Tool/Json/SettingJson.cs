namespace TokenAuth.Tool;

internal sealed record SettingJson(
    string Name,
    string Shown,
    bool IsSecret,
    string? From,
    IReadOnlyList<string> Overridden
)
{
    public static IReadOnlyList<SettingJson> Of(IEnumerable<ShownSetting> settings) =>
        [.. settings.Select(s => new SettingJson(s.Name, s.Shown, s.IsSecret, s.From, s.Overridden))];
}
