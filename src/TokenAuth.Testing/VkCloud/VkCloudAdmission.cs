namespace TokenAuth.Testing;

/// <summary>VK Cloud's verdict on the token of a data request.</summary>
internal enum VkCloudAdmission
{
    Admitted,
    InvalidToken,
    InactiveProject,
    ScopeMissing,
}
