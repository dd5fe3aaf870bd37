namespace TokenAuth.Testing;

/// <summary>What VK Cloud counts access tokens by.</summary>
public enum VkCloudAccessTokenLimit
{
    /// <summary>By the refresh token they came with.</summary>
    RefreshToken,

    /// <summary>By client id.</summary>
    Client,

    /// <summary>All of the project together.</summary>
    Project,
}
