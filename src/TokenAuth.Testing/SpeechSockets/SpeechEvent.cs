namespace TokenAuth.Testing;

/// <summary>Something that listening to audio has brought.</summary>
internal abstract record SpeechEvent
{
    private SpeechEvent() { }

    /// <summary>Somebody begins to speak.</summary>
    public sealed record Started(TimeSpan Offset) : SpeechEvent;

    /// <summary>Another second of speech.</summary>
    public sealed record Continued(HeardPhrase SoFar) : SpeechEvent;

    /// <summary>A pause, or the end of the audio, has ended a phrase.</summary>
    public sealed record Completed(HeardPhrase Phrase) : SpeechEvent;

    /// <summary>Nobody has spoken for five seconds, or until the audio ended.</summary>
    public sealed record Silence(TimeSpan Duration) : SpeechEvent;
}
