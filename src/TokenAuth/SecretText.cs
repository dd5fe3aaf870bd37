namespace TokenAuth;

/// <summary>
/// Guesses whether a text is a key or token that stands in the wrong place, so that no message repeats it and no name server is
/// asked for it.
/// </summary>
internal static class SecretText
{
    private const int IdLength = 32; // Azure's older keys, and ids without dashes: hexadecimal
    private const int LongWord = 40; // Azure's newer keys have 84 characters
    private const int RandomWord = 16;
    private const int LongestShown = 30;

    /// <summary>True when a word of the text has the shape of a key or a token.</summary>
    public static bool IsLikely(string text) => Words(text).Any(word => IsId(word) || IsKey(word));

    /// <summary>The text in a message; an ellipsis where it may be a secret.</summary>
    public static string Shown(string text) => IsLikely(text) ? "…" : text;

    /// <summary>A name that somebody gave, in a message; an ellipsis where a secret may stand in its place, also one of fewer characters.</summary>
    public static string ShownName(string name) => IsLikely(name) || Words(name).Any(IsRandom) ? "…" : name;

    /// <summary>The path of a section in a message: each name in it as <see cref="ShownName"/> has it.</summary>
    public static string ShownPath(string path) => string.Join(":", path.Split(':').Select(ShownName));

    /// <summary>The rest of a sentence about a value that is to be a short word, and may be anything.</summary>
    public static string Described(string text) =>
        IsWord(text) ? $"is '{text}'" : FormattableString.Invariant($"is a text of {text.Length} characters");

    /// <summary>True when the text is short, plain, without the digits of a password, and no part of a connection string.</summary>
    public static bool IsWord(string text) =>
        text.Length <= LongestShown
        && text.All(c => c is >= ' ' and <= '~' and not ('=' or ';' or '@'))
        && text.Count(char.IsDigit) <= 2;

    /// <summary>The letters and digits between other characters. Base64's own signs divide too: it is enough that a part is long.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && IsOfWord(text[at]))
                continue;
            if (at > start)
                yield return text.Substring(start, at - start);

            start = at + 1;
        }
    }

    /// <summary>True when the word is an older key of Azure's, or the id of anything without dashes.</summary>
    public static bool IsId(string word) =>
        word.Length == IdLength && word.All(IsHexadecimal) && word.Any(char.IsDigit);

    /// <summary>True when the word is a longer key, or the beginning of a JWT.</summary>
    public static bool IsKey(string word) =>
        (word.Length >= LongWord && word.Count(char.IsDigit) >= 3)
        || (word.Length >= 10 && word.StartsWith("eyJ", StringComparison.OrdinalIgnoreCase) && word.Any(char.IsDigit));

    // "Kundenportal2024Prod01" is a name: its digits stand together.
    private static bool IsRandom(string word) =>
        word.Length >= RandomWord
        && word.Any(char.IsUpper)
        && word.Any(char.IsLower)
        && word.Where((c, at) => char.IsDigit(c) && (at == 0 || !char.IsDigit(word[at - 1]))).Count() >= 3;

    private static bool IsOfWord(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static bool IsHexadecimal(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F');
}
