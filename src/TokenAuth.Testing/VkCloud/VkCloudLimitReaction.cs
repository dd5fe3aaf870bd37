namespace TokenAuth.Testing;

/// <summary>What VK Cloud does when a token would be one too many.</summary>
public enum VkCloudLimitReaction
{
    /// <summary>It refuses the request.</summary>
    Refuse,

    /// <summary>It takes the oldest token back and issues the new one.</summary>
    EvictOldest,
}
