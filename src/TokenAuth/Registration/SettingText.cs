using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TokenAuth;

/// <summary>Checks the text of a setting before it is bound: a message of the binder's would show the value.</summary>
internal static class SettingText
{
    /// <summary>The error of a key below a kind of provider or store, or of its value; null when there is none.</summary>
    /// <param name="looksBelowValues">Whether a setting that has a value may have settings below it too.</param>
    public static string? Error(
        IConfigurationSection setting,
        string kind,
        IReadOnlyDictionary<string, SettingType> settings,
        bool looksBelowValues = true
    )
    {
        if (!settings.TryGetValue(setting.Key, out var type))
            return $"{Path(setting, isKnown: false)} is not a setting of {kind}; "
                + (
                    SimilarName.Of(setting.Key, settings.Keys) is { } meant
                        ? $"did you mean {meant}?"
                        : $"write {Listing(settings.Keys, "or")}."
                );
        if (type != SettingType.List && (looksBelowValues || setting.Value is null) && setting.GetChildren().Any())
            return $"{Path(setting, isKnown: true)} has settings below it; write one value.";

        return Error(Path(setting, isKnown: true), setting.Value, type);
    }

    // Of a name that is not known, which may be a secret, only a plain word.
    private static string Path(IConfigurationSection setting, bool isKnown)
    {
        var parent = SecretText.ShownPath(setting.Path.Substring(0, setting.Path.Length - setting.Key.Length));

        return parent + (isKnown || SecretText.IsWord(setting.Key) ? setting.Key : "…");
    }

    /// <summary>"A, B or C".</summary>
    public static string Listing(IEnumerable<string> names, string word)
    {
        var all = names.ToList();

        return all.Count == 1 ? all[0] : $"{string.Join(", ", all.Take(all.Count - 1))} {word} {all[all.Count - 1]}";
    }

    /// <summary>The error, without the value, which may be a secret in the wrong place; null when there is none.</summary>
    public static string? Error(string path, string? text, SettingType type)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        return type switch
        {
            SettingType.Address when PlaceholderText.IsIn(text!) =>
                $"{path} is still a placeholder; write the whole address, with https://.",
            SettingType.Address when !Uri.TryCreate(text, UriKind.Absolute, out _) =>
                $"{path} is not an address; write it whole, with https://.",
            SettingType.Duration when !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) =>
                $"{path} is not a time; write hours, minutes and seconds, for example 00:09:00.",
            SettingType.Switch when !bool.TryParse(text, out _) =>
                $"{path} is neither true nor false; write one of the two.",
            _ => null,
        };
    }
}
