namespace TokenAuth;

/// <summary><c>aad#resource id#token</c>, which is no JWT.</summary>
internal static class EntraComposite
{
    private const string Prefix = "aad#";

    public static string Of(string resourceId, string token) => $"{Prefix}{resourceId}#{token}";

    /// <summary>The token within; the text itself where it is no composite.</summary>
    public static string Plain(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) ? text.Substring(text.LastIndexOf('#') + 1) : text;
}
