namespace TokenAuth.Testing;

/// <summary>How a token response tells the lifetime in seconds.</summary>
public enum VkCloudLifetimeField
{
    /// <summary><c>"expired_in":"3600"</c>, as documented and captured.</summary>
    ExpiredInText,

    /// <summary><c>"expired_in":3600</c></summary>
    ExpiredInNumber,

    /// <summary><c>"expires_in":"3600"</c></summary>
    ExpiresInText,

    /// <summary><c>"expires_in":3600</c>, as the sister service sends it.</summary>
    ExpiresInNumber,

    /// <summary>Not at all.</summary>
    Absent,
}
