namespace TokenAuth.Testing;

/// <summary>The reaction of VK Cloud to a request for a token beyond a limit.</summary>
public enum VkCloudLimitReaction
{
    /// <summary>It refuses the request.</summary>
    Refuse,

    /// <summary>It revokes the oldest token and issues the new one.</summary>
    EvictOldest,
}
