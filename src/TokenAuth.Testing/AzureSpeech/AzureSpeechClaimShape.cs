namespace TokenAuth.Testing;

/// <summary>How a JWT tells <c>aud</c> and <c>scope</c>.</summary>
public enum AzureSpeechClaimShape
{
    /// <summary>As one string.</summary>
    Text,

    /// <summary>As an array of strings.</summary>
    Array,
}
