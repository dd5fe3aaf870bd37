namespace TokenAuth.Testing;

/// <summary>The form in which the token endpoint words an error.</summary>
public enum VkCloudErrorShape
{
    /// <summary><c>{"error":"invalid_grant","message":"…"}</c></summary>
    ErrorAndMessage,

    /// <summary><c>{"error":"invalid_grant","error_description":"…"}</c>, as RFC 6749 section 5.2 has it.</summary>
    ErrorAndDescription,

    /// <summary><c>{"status":400,"body":"…"}</c></summary>
    StatusAndBody,

    /// <summary>An HTML page in place of JSON.</summary>
    Html,

    /// <summary>An empty body.</summary>
    Empty,
}
