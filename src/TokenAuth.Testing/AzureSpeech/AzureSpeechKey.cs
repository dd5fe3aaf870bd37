namespace TokenAuth.Testing;

/// <summary>One of the two keys of a resource.</summary>
public enum AzureSpeechKey
{
    /// <summary>Key 1.</summary>
    Primary,

    /// <summary>Key 2.</summary>
    Secondary,
}
