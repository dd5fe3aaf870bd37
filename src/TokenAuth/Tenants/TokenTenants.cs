namespace TokenAuth;

/// <summary>The tenants of all names of a container.</summary>
internal sealed class TokenTenants(TokenProviderRegistry registry) : ITokenTenants
{
    public int Count => registry.States().Select(state => state.Value).OfType<TenantProviders>().Sum(all => all.Count);

    public async ValueTask<ITokenProvider> GetAsync(
        string providerName,
        string tenant,
        CancellationToken cancellationToken = default
    )
    {
        Check(providerName, tenant);

        var provider = registry.GetWithTenants(providerName);
        if (provider is not TenantProviders all)
            return provider; // a fake, which is every tenant's

        return await all.GetAsync(tenant, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask ForgetAsync(
        string providerName,
        string tenant,
        bool removeRecord = false,
        CancellationToken cancellationToken = default
    )
    {
        Check(providerName, tenant);

        return registry.GetWithTenants(providerName) is TenantProviders all && tenant.Length > 0
            ? all.ForgetAsync(tenant, removeRecord, cancellationToken)
            : default;
    }

    private static void Check(string providerName, string tenant)
    {
        if (providerName is null)
            throw new ArgumentNullException(nameof(providerName));
        if (tenant is null)
            throw new ArgumentNullException(nameof(tenant));
    }
}
