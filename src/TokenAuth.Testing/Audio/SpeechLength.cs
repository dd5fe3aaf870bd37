namespace TokenAuth.Testing;

/// <summary>The duration of emulated speech.</summary>
internal static class SpeechLength
{
    public static TimeSpan Of(string text) => TimeSpan.FromMilliseconds(Math.Clamp(text.Length * 60, 200, 5_000));
}
