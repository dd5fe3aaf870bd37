namespace TokenAuth.Testing;

/// <summary>A stretch of audio that was heard: all bytes since the phrase before, and where in them somebody spoke.</summary>
internal sealed record HeardPhrase(long Bytes, TimeSpan Offset, TimeSpan Duration)
{
    // The same sentence as the REST endpoint's, so that one file gives one text.
    public string Text => FormattableString.Invariant($"Emulated speech of {Bytes} bytes.");
}
