namespace TokenAuth;

/// <summary>The texts that examples and deployment templates leave in the place of a setting.</summary>
internal static class PlaceholderText
{
    private static readonly (string Begin, string End)[] _brackets =
    [
        ("<", ">"),
        ("${", "}"),
        ("$(", ")"),
        ("{{", "}}"),
        ("#{", "}#"),
    ];
    private static readonly (string Begin, string End)[] _bracketsOfNames = [("%", "%"), ("__", "__")];
    private static readonly string[] _words = ["changeme", "replaceme", "fixme", "todo", "tbd", "placeholder"];
    private static readonly string[] _requests = ["insert", "enter", "put", "paste", "add"];
    private static readonly string[] _nouns = ["id", "secret", "key", "token", "region", "endpoint", "here"];

    /// <summary>True when the whole text is a placeholder. A secret that has such a word somewhere inside is none.</summary>
    public static bool Is(string text) =>
        text.Contains('…')
        || text.EndsWith("...", StringComparison.Ordinal)
        || _brackets.Any(pair => IsWithin(text, pair.Begin, pair.End))
        || _bracketsOfNames.Any(pair => IsWithin(text, pair.Begin, pair.End) && text.All(IsOfName))
        || IsOneCharacter(text)
        || IsPhrase(text);

    /// <summary>True when an address has a placeholder in it.</summary>
    public static bool IsIn(string address) =>
        Is(address)
        || (address.IndexOf('<') is >= 0 and var at && address.IndexOf('>') > at)
        || _brackets.Skip(1).Any(pair => address.AsSpan().Contains(pair.Begin.AsSpan(), StringComparison.Ordinal));

    private static bool IsWithin(string text, string begin, string end) =>
        text.Length > begin.Length + end.Length
        && text.StartsWith(begin, StringComparison.Ordinal)
        && text.EndsWith(end, StringComparison.Ordinal);

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '%';

    private static bool IsOneCharacter(string text) =>
        text.Length >= 3 && text[0] is 'x' or 'X' or '*' or '.' or '?' && text.All(c => c == text[0]);

    // "your-key", "YOUR_CLIENT_SECRET", "insert key here", "change_me"
    private static bool IsPhrase(string text)
    {
        var words = text.ToUpperInvariant().Split(' ', '-', '_');
        var together = string.Concat(words);

        return _words.Any(word => Equal(together, word))
            || (words.Length > 1 && Equal(words[0], "your") && _nouns.Any(noun => Equal(words[words.Length - 1], noun)))
            || _nouns.Any(noun => Equal(together, "your" + noun))
            || (
                words.Length > 1
                && _requests.Any(request => Equal(words[0], request))
                && Equal(words[words.Length - 1], "here")
            );
    }

    private static bool Equal(string text, string word) =>
        string.Equals(text, word, StringComparison.OrdinalIgnoreCase);
}
