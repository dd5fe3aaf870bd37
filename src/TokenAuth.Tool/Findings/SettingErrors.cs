namespace TokenAuth.Tool;

/// <summary>The errors that would stop the application's start, each with the place that the wrong value comes from.</summary>
internal static class SettingErrors
{
    public static IEnumerable<Finding> Of(IEnumerable<string> errors, ToolCode code, ApplicationSettings settings) =>
        errors.Select(error => Finding.Of(code, TokenFindingSeverity.Error, error, Remedy(error, settings)));

    private static string Remedy(string error, ApplicationSettings settings)
    {
        var key = error.Split(' ')[0];
        if (!key.StartsWith(settings.Section.Path + ":", StringComparison.OrdinalIgnoreCase))
            return "";
        if (settings.PlaceOf(key) is { } place)
            return $"It is set by {place}.";
        if (settings.Root.GetSection(key).Value is null && settings.Root.GetSection(key).GetChildren().Any())
            return "";

        return $"Nothing sets it: tokenauth read {string.Join(", ", settings.Sources)}."
            + (
                settings is { HasUserSecretsId: true, Environment.HasUserSecrets: false }
                    ? $" User secrets are read in Development, and the environment is {settings.Environment.Name} ({settings.Environment.From}); "
                        + "if the value is there, pass --environment Development."
                    : ""
            );
    }
}
