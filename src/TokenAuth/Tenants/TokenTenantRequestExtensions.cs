namespace TokenAuth;

/// <summary>Says whose token a request carries.</summary>
public static class TokenTenantRequestExtensions
{
    private const string Name = "TokenAuth.Tenant";

    // Reading a request's options makes them: a process in which nobody says a tenant here need not look.
    private static bool _isUsed;

#if NET
    private static readonly HttpRequestOptionsKey<string> _key = new(Name);
#endif

    /// <summary>
    /// Lets the request carry the token of this tenant, where its client's token provider has tenants. The request's tenant wins over
    /// <see cref="TokenHandlerOptions.Tenant"/>, and a copy of the request's options keeps it.
    /// </summary>
    /// <remarks>
    /// The handler of a registered client throws an <see cref="InvalidOperationException"/> if its provider has no tenants, because the provider's
    /// only token is not the tenant's. A request that brings a credential keeps it. A handler that the application made itself ignores the tenant,
    /// unless that handler's provider belongs to another tenant, or is a <see cref="DelegatingTokenProvider"/> around such a provider.
    /// </remarks>
    /// <param name="tenant">Compared ordinally: case counts.</param>
    /// <exception cref="ArgumentException">The tenant is empty.</exception>
    public static void SetTokenTenant(this HttpRequestMessage request, string tenant)
    {
        if (request is null)
            throw new ArgumentNullException(nameof(request));
        if (tenant is null)
            throw new ArgumentNullException(nameof(tenant));
        if (tenant.Length == 0)
            throw new ArgumentException("A tenant's name is not empty.", nameof(tenant));

#if NET
        request.Options.Set(_key, tenant);
#else
        request.Properties[Name] = tenant;
#endif
        if (!Volatile.Read(ref _isUsed))
            Volatile.Write(ref _isUsed, true);
    }

    /// <summary>The tenant that the request itself names; null when it names none.</summary>
    internal static string? TenantOf(HttpRequestMessage request)
    {
        if (!Volatile.Read(ref _isUsed))
            return null;

#if NET
        return request.Options.TryGetValue(_key, out var tenant) ? tenant : null;
#else
        return request.Properties.TryGetValue(Name, out var tenant) ? tenant as string : null;
#endif
    }
}
