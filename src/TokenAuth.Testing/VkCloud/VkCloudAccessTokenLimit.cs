namespace TokenAuth.Testing;

/// <summary>The unit by which VK Cloud counts access tokens.</summary>
public enum VkCloudAccessTokenLimit
{
    /// <summary>VK Cloud counts the access tokens that came with one refresh token.</summary>
    RefreshToken,

    /// <summary>VK Cloud counts the access tokens of one client id.</summary>
    Client,

    /// <summary>VK Cloud counts all access tokens of the project together.</summary>
    Project,
}
