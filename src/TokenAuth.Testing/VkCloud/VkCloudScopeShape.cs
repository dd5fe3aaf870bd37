namespace TokenAuth.Testing;

/// <summary>The form in which a token response lists the scopes.</summary>
public enum VkCloudScopeShape
{
    /// <summary><c>"scope":{"tts":1,"asr_short":1}</c>, as documented and captured.</summary>
    ObjectOfInts,

    /// <summary><c>"scope":"tts asr_short"</c>, as RFC 6749 section 3.3 has it.</summary>
    Text,

    /// <summary><c>"scope":["tts","asr_short"]</c></summary>
    Array,

    /// <summary>The response does not list the scopes.</summary>
    Absent,
}
