namespace TokenAuth.Testing;

/// <summary>What VK Cloud thinks of the token of a data request.</summary>
internal enum VkCloudAdmission
{
    Admitted,
    InvalidToken,
    InactiveProject,
    ScopeMissing,
}
