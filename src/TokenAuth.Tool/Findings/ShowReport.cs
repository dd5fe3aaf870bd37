using Spectre.Console;

namespace TokenAuth.Tool;

/// <summary>Settings and tokens as a person reads them.</summary>
internal sealed class ShowReport(IAnsiConsole console, ApplicationProviders providers, DateTimeOffset now)
{
    private static readonly Style _bold = new(decoration: Decoration.Bold);

    public void Write(
        IReadOnlyList<Finding> storeFindings,
        IReadOnlyList<(ProviderScope Scope, ShownToken Token)> shown
    )
    {
        new SettingsHeader(console, providers).Write();
        if (providers.Store.Section is { } section)
            SettingTable.Write(console, ShownSetting.Below(section, providers.Settings));
        foreach (var finding in storeFindings)
            FindingText.Write(console, finding);
        foreach (var (scope, token) in shown)
            Write(scope, token);
    }

    private void Write(ProviderScope scope, ShownToken token)
    {
        console.WriteLine();
        console.Write(Line.Of((scope.Name, _bold), ($"  {SecretText.Shown(scope.Kind)}", null)));
        console.Write(Line.Of(($"  token    {token.State}", null), ($"  {token.Sentence}", null)));
        if (token.ExpiresAt is { } end)
            console.Write(Line.Of(($"  expires  {Moment.Describe(end, now)}", null)));
        if (token.RequestedAt is { } start)
            console.Write(Line.Of(($"  fetched  {Moment.Describe(start, now)}", null)));
        if (token.Fingerprint is { } fingerprint)
            console.Write(Line.Of(($"  value    {fingerprint}", null)));
        if (token.RefreshTokenFingerprint is { } refreshToken)
            console.Write(Line.Of(($"  renewed  with a refresh token of {refreshToken}", null)));
        SettingTable.Write(console, ShownSetting.Below(scope.Section, providers.Settings));
        foreach (var finding in SettingErrors.Of(scope.Errors, ToolCode.SettingWrong, providers.Settings))
            FindingText.Write(console, finding);
    }
}
