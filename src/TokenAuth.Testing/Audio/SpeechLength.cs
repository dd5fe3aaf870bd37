namespace TokenAuth.Testing;

/// <summary>How long emulated speech takes.</summary>
internal static class SpeechLength
{
    public static TimeSpan Of(string text) => TimeSpan.FromMilliseconds(Math.Clamp(text.Length * 60, 200, 5_000));
}
