namespace TokenAuth.Testing;

/// <summary>A fault that waits on a websocket: after so many messages the emulator leaves, or says no more.</summary>
internal sealed record SpeechSocketLimit(int Messages, bool StaysConnected);
