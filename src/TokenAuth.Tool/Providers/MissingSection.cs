namespace TokenAuth.Tool;

/// <summary>Says where providers were looked for, when there are none.</summary>
internal static class MissingSection
{
    public static string Hint(ApplicationSettings settings) =>
        $"tokenauth read {string.Join(", ", settings.Sources)} of {settings.Project.Path}"
        + (settings.Missing.Count > 0 ? $"; there is no {string.Join(" and no ", settings.Missing)}" : "")
        + ". Name the application's folder with --project, its settings file with --config, or another section with --section.";
}
