namespace TokenAuth;

/// <summary>The texts that examples and deployment templates leave in the place of a setting.</summary>
internal static class PlaceholderText
{
    private static readonly Brackets _angles = new("<", ">");
    private static readonly Brackets[] _others = [new("${", "}"), new("$(", ")"), new("{{", "}}"), new("#{", "}#")];
    private static readonly Brackets[] _ofNames = [new("%", "%"), new("__", "__")];
    private static readonly string[] _words = ["changeme", "replaceme", "fixme", "todo", "tbd", "placeholder"];
    private static readonly string[] _requests = ["insert", "enter", "put", "paste", "add"];
    private static readonly string[] _nouns = ["id", "secret", "key", "token", "region", "endpoint", "here"];

    /// <summary>True when the whole text is a placeholder. A secret that has such a word somewhere inside is none.</summary>
    public static bool Is(string text) =>
        text.Contains('…')
        || text.EndsWith("...", StringComparison.Ordinal)
        || _angles.Enclose(text)
        || _others.Any(brackets => brackets.Enclose(text))
        || _ofNames.Any(brackets => brackets.Enclose(text) && text.All(IsOfName))
        || IsOneCharacter(text)
        || IsPhrase(text);

    /// <summary>True when an address has a placeholder in it.</summary>
    public static bool IsIn(string address) =>
        Is(address)
        || (address.IndexOf('<') is >= 0 and var at && address.IndexOf('>') > at)
        || _others.Any(brackets => brackets.BeginIn(address));

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

    // A class: a process that starts would compile the queries above anew for pairs of values.
    private sealed class Brackets(string begin, string end)
    {
        public bool Enclose(string text) =>
            text.Length > begin.Length + end.Length
            && text.StartsWith(begin, StringComparison.Ordinal)
            && text.EndsWith(end, StringComparison.Ordinal);

        public bool BeginIn(string text) => text.AsSpan().Contains(begin.AsSpan(), StringComparison.Ordinal);
    }
}
