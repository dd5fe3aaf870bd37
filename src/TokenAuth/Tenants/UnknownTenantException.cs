namespace TokenAuth;

/// <summary>A request names no tenant, or one that the application's resolver does not know. Nothing has been sent.</summary>
public class UnknownTenantException : Exception
{
    /// <summary>Reports that a tenant is not known.</summary>
    public UnknownTenantException()
        : this("The tenant is not known.") { }

    /// <summary>Reports with this message that a tenant is not known.</summary>
    public UnknownTenantException(string message)
        : base(message) { }

    /// <summary>Reports with this message and its cause that a tenant is not known.</summary>
    public UnknownTenantException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>The name that the tenants are registered under.</summary>
    public string ProviderName { get; init; } = "";

    internal static UnknownTenantException NoneSaid(string providerName) =>
        new(
            $"Token provider '{providerName}' has tenants, and nothing says whose token is meant. Call request.SetTokenTenant(tenant), or set Tenant in "
                + "the options of the client's token."
        )
        {
            ProviderName = providerName,
        };

    internal static UnknownTenantException Of(string providerName, string tenant) =>
        new(
            $"Token provider '{providerName}' has no tenant '{TenantName.Shown(tenant)}': its resolver returned null. Check the name, whose case counts."
        )
        {
            ProviderName = providerName,
        };
}
