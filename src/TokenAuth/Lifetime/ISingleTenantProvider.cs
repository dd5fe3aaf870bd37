namespace TokenAuth;

/// <summary>A provider that may hand out the tokens of one tenant. A wrapper forwards it.</summary>
internal interface ISingleTenantProvider
{
    /// <summary>The tenant's name; null where the tokens are no tenant's.</summary>
    string? TenantName { get; }
}
