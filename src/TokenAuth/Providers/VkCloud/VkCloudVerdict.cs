namespace TokenAuth;

/// <summary>The meaning of a response of VK Cloud's token endpoint.</summary>
internal enum VkCloudVerdict
{
    /// <summary>A grant with a usable access token.</summary>
    Granted,

    /// <summary>A success without a usable access token.</summary>
    Spoilt,

    /// <summary>VK Cloud itself refused what was presented.</summary>
    Refused,

    /// <summary>A refusal's status on something else than VK Cloud's API answers with, such as a firewall's page.</summary>
    Blocked,

    /// <summary>A success that says an error, and not one that is known. The next one may be understood.</summary>
    Doubtful,

    Redirected,

    /// <summary>Any other failure, which may pass.</summary>
    Failed,
}
