namespace TokenAuth.Testing;

/// <summary>The fate of a refresh token when it is used. VK Cloud's pages and captured responses disagree.</summary>
public enum VkCloudRefreshTokenRule
{
    /// <summary>The token stays valid, and the response repeats it.</summary>
    Echoed,

    /// <summary>The token stays valid, and the response does not mention it.</summary>
    Omitted,

    /// <summary>The response brings a new token; the old one stays valid as well.</summary>
    Rotated,

    /// <summary>The response brings a new token; the old one is no longer valid.</summary>
    SingleUse,

    /// <summary>
    /// The response repeats the token until it has served <see cref="VkCloudEmulatorOptions.RefreshTokenUses"/> times. VK Cloud
    /// then refuses the token.
    /// </summary>
    LimitedUses,
}
