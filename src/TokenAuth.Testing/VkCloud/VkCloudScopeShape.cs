namespace TokenAuth.Testing;

/// <summary>How a token response tells the scopes.</summary>
public enum VkCloudScopeShape
{
    /// <summary><c>"scope":{"tts":1,"asr_short":1}</c>, as documented and captured.</summary>
    ObjectOfInts,

    /// <summary><c>"scope":"tts asr_short"</c>, as RFC 6749 section 3.3 has it.</summary>
    Text,

    /// <summary><c>"scope":["tts","asr_short"]</c></summary>
    Array,

    /// <summary>Not at all.</summary>
    Absent,
}
