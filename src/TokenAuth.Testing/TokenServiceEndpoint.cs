namespace TokenAuth.Testing;

/// <summary>A family of the emulator's endpoints. Each fault, rejection and tally belongs to one family.</summary>
public enum TokenServiceEndpoint
{
    /// <summary>VK Cloud's token endpoint, <c>/auth/oauth/v1/token</c>.</summary>
    VkToken,

    /// <summary>VK Cloud Voice: <c>/asr</c>, <c>/tts</c>, <c>/asr_stream/…</c>.</summary>
    VkVoice,

    /// <summary>VK Cloud Vision: <c>/api/v1/…</c>.</summary>
    VkVision,

    /// <summary>Azure's token endpoint, <c>/sts/v1.0/issueToken</c>.</summary>
    AzureToken,

    /// <summary>Azure speech to text.</summary>
    AzureStt,

    /// <summary>Azure text to speech.</summary>
    AzureTts,

    /// <summary>Azure's transcriptions, <c>/speechtotext/transcriptions</c>.</summary>
    AzureTranscriptions,
}
