namespace TokenAuth.Testing;

/// <summary>The unit by which VK Cloud counts access tokens.</summary>
public enum VkCloudAccessTokenLimit
{
    /// <summary>By the refresh token they came with.</summary>
    RefreshToken,

    /// <summary>By client id.</summary>
    Client,

    /// <summary>All of the project together.</summary>
    Project,
}
