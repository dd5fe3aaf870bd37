using System.Globalization;

namespace TokenAuth;

/// <summary>Checks the text of a setting before it is bound: a message of the binder's would show the value.</summary>
internal static class SettingText
{
    /// <summary>What is wrong, without the value, which may be a secret in the wrong place; null when nothing is.</summary>
    public static string? Fault(string path, string? text, SettingType type)
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
