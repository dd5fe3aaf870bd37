namespace TokenAuth.Testing;

/// <summary>The JSON type of <c>aud</c> and <c>scope</c> in a JWT.</summary>
public enum AzureSpeechClaimShape
{
    /// <summary>One string.</summary>
    Text,

    /// <summary>An array of strings.</summary>
    Array,
}
