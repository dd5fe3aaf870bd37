namespace TokenAuth.Testing;

/// <summary>How a JWT tells its <c>exp</c> (RFC 7519 section 4.1.4 knows only the number).</summary>
public enum AzureSpeechExpiryShape
{
    /// <summary><c>"exp":1767226200</c></summary>
    Number,

    /// <summary><c>"exp":"1767226200"</c>, as in older tokens.</summary>
    Text,
}
