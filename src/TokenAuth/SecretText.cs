namespace TokenAuth;

/// <summary>
/// Guesses whether a text is a key or token that stands in the wrong place, so that no message repeats it and no name server is
/// asked for it.
/// </summary>
internal static class SecretText
{
    private const int KeyLength = 32; // Azure's older keys: hexadecimal
    private const int LongWord = 40; // Azure's newer keys have 84 characters
    private const int LongestShown = 30;

    /// <summary>Whether a word of the text has the shape of a key or a token.</summary>
    public static bool IsLikely(string text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && IsOfWord(text[at]))
                continue;
            if (IsKey(text.Substring(start, at - start)))
                return true;

            start = at + 1;
        }

        return false;
    }

    /// <summary>The text in a message; an ellipsis where it may be a secret.</summary>
    public static string Shown(string text) => IsLikely(text) ? "…" : text;

    /// <summary>The rest of a sentence about a value that is to be a short word, and may be anything.</summary>
    public static string Described(string text) =>
        IsWord(text) ? $"is '{text}'" : FormattableString.Invariant($"is a text of {text.Length} characters");

    /// <summary>Whether it is short, plain and without the digits of a password.</summary>
    public static bool IsWord(string text) =>
        text.Length <= LongestShown && text.All(c => c is >= ' ' and <= '~') && text.Count(char.IsDigit) <= 2;

    private static bool IsKey(string word) =>
        (word.Length == KeyLength && word.All(IsHexadecimal) && word.Any(char.IsDigit))
        || (word.Length >= LongWord && word.Count(char.IsDigit) >= 3)
        || (word.Length >= 10 && word.StartsWith("eyJ", StringComparison.OrdinalIgnoreCase) && word.Any(char.IsDigit));

    // Base64's own signs divide words too: it is enough that a part is long.
    private static bool IsOfWord(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static bool IsHexadecimal(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F');
}
