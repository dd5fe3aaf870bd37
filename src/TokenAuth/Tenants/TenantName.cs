namespace TokenAuth;

/// <summary>A tenant's name outside memory, where it is anybody's text: bounded in a message.</summary>
internal static class TenantName
{
    private const int LongestShown = 64;

    /// <summary>The name in a message: no key or token, one line, 64 characters at most.</summary>
    public static string Shown(string tenant)
    {
        if (SecretText.IsLikely(tenant.Length > 1_000 ? tenant.Substring(0, 1_000) : tenant))
            return "…";

        var shown = string.Concat(tenant.Take(LongestShown).Select(c => IsPlain(c) ? c : '?'));

        return tenant.Length > LongestShown ? shown + "…" : shown;
    }

    private static bool IsPlain(char c) =>
        !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\u2028' or '\u2029');
}
