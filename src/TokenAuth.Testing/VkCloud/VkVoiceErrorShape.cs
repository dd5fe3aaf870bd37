namespace TokenAuth.Testing;

/// <summary>The JSON around the documented code of a Voice error, which VK Cloud does not document.</summary>
public enum VkVoiceErrorShape
{
    /// <summary><c>{"qid":"…","error":{"code":4048,"message":"…"}}</c></summary>
    CodeInError,

    /// <summary><c>{"code":4048,"message":"…"}</c></summary>
    Code,

    /// <summary><c>{"qid":"…","error_code":4048,"error_message":"…"}</c></summary>
    ErrorCode,

    /// <summary><c>{"status":4048,"body":"…"}</c>, as the sister services have it.</summary>
    StatusAndBody,
}
