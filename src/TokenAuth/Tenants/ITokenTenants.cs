namespace TokenAuth;

/// <summary>
/// The providers of tenants: one name, and a credential for each tenant that the application's resolver knows. Safe for concurrent use.
/// </summary>
public interface ITokenTenants
{
    /// <summary>
    /// Returns the provider of one tenant, and resolves the tenant if it is not in memory. You may keep the provider: when the tenant has left
    /// memory, or was forgotten, the provider resolves the tenant again.
    /// </summary>
    /// <param name="providerName">A name that was registered with tenants; case does not matter.</param>
    /// <param name="tenant">Compared ordinally: case counts.</param>
    /// <exception cref="UnknownTenantException">The tenant is empty, or the resolver returned null for it.</exception>
    /// <exception cref="InvalidOperationException">No provider has this name, or it has no tenants.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The options that the resolver returned are wrong; its <c>Failures</c> say which and how, without a secret.
    /// </exception>
    /// <remarks>Any other exception of the resolver reaches all callers who wait for it; the next call asks the resolver again.</remarks>
    ValueTask<ITokenProvider> GetAsync(
        string providerName,
        string tenant,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// Forgets a tenant that left or whose credential changed: its provider leaves memory, and the next request resolves the tenant again. The
    /// call waits at most 2 seconds for a grant that is not in the store yet, and at most 23 seconds for the removal of the record. The tenant's
    /// requests wait until the call has ended.
    /// </summary>
    /// <param name="removeRecord">
    /// Whether the tenant's grant leaves the store too. Without it, a grant of the same credential serves again when the tenant comes back.
    /// </param>
    /// <exception cref="TokenStoreException">The record was not removed, or not in time; the tenant has left memory all the same.</exception>
    ValueTask ForgetAsync(
        string providerName,
        string tenant,
        bool removeRecord = false,
        CancellationToken cancellationToken = default
    );

    /// <summary>The number of tenants in memory, those of all names together.</summary>
    int Count { get; }
}
