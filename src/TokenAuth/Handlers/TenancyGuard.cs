namespace TokenAuth;

/// <summary>A request that names a tenant gets no other credential than that tenant's.</summary>
internal sealed class TenancyGuard(TokenHandler handler, ITokenProvider provider)
{
    private readonly string? _tenant = TenantOf(provider);

    /// <summary>
    /// Turns the guard on. A container's handlers do, unless their provider has tenants or is a fake in the place of some. A look makes the request's
    /// options in a process where requests name tenants, so that a handler made by hand looks only over one tenant's provider.
    /// </summary>
    public bool IsOn { get; set; } = TenantOf(provider) is not null;

    public bool Refuses(HttpRequestMessage request) => IsOn && OtherTenant(request) is not null;

    /// <summary>Words the refusal; null when there is none.</summary>
    public string? Say(HttpRequestMessage request)
    {
        if (!IsOn || OtherTenant(request) is not { } tenant)
            return null;

        var shown = TenantName.Shown(tenant);

        return $"{handler.Owner} sends no credential for tenant '{shown}': "
            + (
                _tenant is null
                    ? "its provider has no tenants, and its one token is not that tenant's. Register the provider with AddVkCloudTenants, "
                        + "AddAzureSpeechTenants or AddTokenSourceTenants, or do not call SetTokenTenant on the requests of this client."
                    : "its provider is another tenant's. Make the handler over the provider that ITokenTenants.GetAsync returns for "
                        + $"'{shown}', or send the request through a client whose provider has tenants."
            );
    }

    private static string? TenantOf(ITokenProvider provider) => (provider as ISingleTenantProvider)?.TenantName;

    private string? OtherTenant(HttpRequestMessage request) =>
        TokenTenantRequestExtensions.TenantOf(request) is { } tenant
        && !string.Equals(tenant, _tenant, StringComparison.Ordinal)
            ? tenant
            : null;
}
