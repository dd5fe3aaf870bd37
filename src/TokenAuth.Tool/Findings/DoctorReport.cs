using System.Globalization;
using Spectre.Console;

namespace TokenAuth.Tool;

/// <summary>A diagnosis as sentences, grouped by provider.</summary>
internal sealed class DoctorReport(IAnsiConsole console, ApplicationProviders providers, DateTimeOffset now)
{
    public void Write(IReadOnlyList<Finding> storeFindings, IReadOnlyList<ProviderDiagnosis> diagnoses)
    {
        new SettingsHeader(console, providers).Write();
        foreach (var finding in storeFindings)
            FindingText.Write(console, finding);
        if (storeFindings.Count > 0 && providers.Store.Section is { } section)
            WriteSettings(ShownSetting.Below(section, providers.Settings));
        foreach (var diagnosis in diagnoses)
            Write(diagnosis);

        console.WriteLine();
        console.WriteLine(Summary(storeFindings, diagnoses));
    }

    private void Write(ProviderDiagnosis diagnosis)
    {
        console.WriteLine();
        console.Write(Line.Of((diagnosis.Name, new Style(decoration: Decoration.Bold)), ($"  {diagnosis.Kind}", null)));
        if (diagnosis.Works)
            FindingText.WriteWell(console, Granted(diagnosis));
        foreach (var finding in diagnosis.Findings)
            FindingText.Write(console, finding);
        if (diagnosis is { HasTrouble: true, Settings.Count: > 0 })
            WriteSettings(diagnosis.Settings);
    }

    private void WriteSettings(IReadOnlyList<ShownSetting> settings)
    {
        console.WriteLine("  with these settings");
        SettingTable.Write(console, settings);
    }

    private string Granted(ProviderDiagnosis diagnosis) =>
        string.Create(CultureInfo.InvariantCulture, $"A token was granted in {diagnosis.Duration.TotalSeconds:0.0} s")
        + (diagnosis.ExpiresAt is { } end ? $"; it expires {Moment.Describe(end, now)}." : ".");

    private static string Summary(IReadOnlyList<Finding> store, IReadOnlyList<ProviderDiagnosis> diagnoses)
    {
        var failing = diagnoses.Count(diagnosis => diagnosis.HasTrouble);
        var all = diagnoses.Count == 1 ? "1 provider" : $"{diagnoses.Count} providers";

        return failing > 0 ? $"{failing} of {all} {(failing == 1 ? "has" : "have")} a finding."
            : store.Any(finding => finding.IsTrouble) ? "The store has a finding."
            : diagnoses.All(diagnosis => diagnosis.Works) ? $"{all}, no findings."
            : diagnoses.Count == 1 ? "1 provider, which was not asked."
            : $"{all}, no errors; not all of them were asked.";
    }
}
