namespace TokenAuth.Testing;

/// <summary>The JSON type of <c>exp</c> in a JWT. RFC 7519 section 4.1.4 allows only the number.</summary>
public enum AzureSpeechExpiryShape
{
    /// <summary><c>"exp":1767226200</c></summary>
    Number,

    /// <summary><c>"exp":"1767226200"</c>, as in older tokens.</summary>
    Text,
}
