namespace TokenAuth.Testing;

/// <summary>The text of recognized speech, plain and punctuated.</summary>
internal static class VkVoiceText
{
    public static string Punctuated(string text) => text is "" ? "" : char.ToUpperInvariant(text[0]) + text[1..] + ".";
}
