namespace TokenAuth.Testing;

/// <summary>The field in which a token response states the lifetime in seconds.</summary>
public enum VkCloudLifetimeField
{
    /// <summary><c>"expired_in":"3600"</c>, as documented and captured.</summary>
    ExpiredInText,

    /// <summary><c>"expired_in":3600</c></summary>
    ExpiredInNumber,

    /// <summary><c>"expires_in":"3600"</c></summary>
    ExpiresInText,

    /// <summary><c>"expires_in":3600</c>, as VK Cloud's sister service sends it.</summary>
    ExpiresInNumber,

    /// <summary>The response does not state the lifetime.</summary>
    Absent,
}
