namespace TokenAuth.Testing;

/// <summary>The reaction of VK Cloud to one token too many.</summary>
public enum VkCloudLimitReaction
{
    /// <summary>It refuses the request.</summary>
    Refuse,

    /// <summary>It takes the oldest token back and issues the new one.</summary>
    EvictOldest,
}
