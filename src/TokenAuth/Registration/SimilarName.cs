namespace TokenAuth;

/// <summary>Guesses what a misspelled name was to be.</summary>
internal static class SimilarName
{
    private const int MostEdits = 3;

    /// <summary>The known name that is nearest; null when none is near.</summary>
    public static string? Of(string given, IEnumerable<string> known)
    {
        var letters = Letters(given);
        if (letters.Length is 0 or > 100)
            return null;

        return known
            .Select(name => (Name: name, Edits: Edits(letters, Letters(name))))
            .Where(candidate => IsNear(candidate.Edits, letters, Letters(candidate.Name)))
            .OrderBy(candidate => candidate.Edits)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    // "client_secret", and "Secret" alone.
    private static bool IsNear(int edits, string given, string name) =>
        edits <= Math.Min(MostEdits, name.Length / 3)
        || (given.Length > 2 && name.AsSpan().Contains(given.AsSpan(), StringComparison.Ordinal));

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // Levenshtein's distance, one row at a time.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                (diagonal, row[j]) = (
                    row[j],
                    Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1))
                );
        }

        return row[to.Length];
    }
}
