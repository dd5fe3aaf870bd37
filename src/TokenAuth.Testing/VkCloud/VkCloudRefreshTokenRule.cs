namespace TokenAuth.Testing;

/// <summary>The fate of a refresh token that is used. VK Cloud's pages and captures have several readings.</summary>
public enum VkCloudRefreshTokenRule
{
    /// <summary>It stays good and the response repeats it.</summary>
    Echoed,

    /// <summary>It stays good and the response does not mention it.</summary>
    Omitted,

    /// <summary>The response brings a new one; the old one stays good as well.</summary>
    Rotated,

    /// <summary>The response brings a new one; the old one is dead.</summary>
    SingleUse,

    /// <summary>It is repeated until it has served <see cref="VkCloudEmulatorOptions.RefreshTokenUses"/> times, then refused.</summary>
    LimitedUses,
}
