namespace TokenAuth;

/// <summary>The characters a token or key may have, so that no credential can break out of a header or a query.</summary>
internal static class CredentialText
{
    /// <summary>Says what is wrong with a credential without showing it, as the rest of a sentence; null when nothing is.</summary>
    public static string? Error(string? value)
    {
        if (value is null || value.Length == 0)
            return "is empty";
        if (value.Length > AccessToken.MaxLength)
            return $"has {value.Length} characters; at most {AccessToken.MaxLength} are allowed";

        if (BeginsWithScheme(value))
            return "begins with 'Bearer', which the handler adds; write the token alone";

        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is >= '\u0021' and <= '\u007E')
                continue;

            return char.IsWhiteSpace(value[i]) && (i == 0 || value.AsSpan(i).IsWhiteSpace())
                ? "has white space around it (a line break from a file or a copy?); remove it"
                : $"has the character U+{(int)value[i]:X4} at position {i}; only U+0021 to U+007E are allowed";
        }

        return null;
    }

    /// <summary>The same of a credential that the application gives, with the remedy.</summary>
    public static string? ErrorOfGiven(string? value) =>
        string.IsNullOrEmpty(value) ? "is empty; give the one that the vendor issued" : Error(value);

    private static bool BeginsWithScheme(string value) =>
        value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        || value.StartsWith("Authorization:", StringComparison.OrdinalIgnoreCase);
}
