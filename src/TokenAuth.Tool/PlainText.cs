namespace TokenAuth.Tool;

/// <summary>Text for a terminal: what others wrote cannot move its cursor or change its title.</summary>
internal static class PlainText
{
    public static string Of(string text) =>
        text.Any(IsControl) ? string.Concat(text.Select(c => IsControl(c) ? '\uFFFD' : c)) : text;

    // Also the marks that turn the direction of writing.
    private static bool IsControl(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\t'))
        || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
