namespace TokenAuth;

/// <summary>Finds the credential of the tenant that a request is for. A tenant keeps what a handler knows of it.</summary>
/// <param name="ofOptions">What the options say of a request that says nothing itself.</param>
/// <param name="credentials">Finds what hands out a provider's credentials; the provider itself when null.</param>
internal sealed class HandlerTenants(
    TokenHandler handler,
    TenantProviders tenants,
    Func<HttpRequestMessage, string?>? ofOptions,
    Func<ITokenProvider, ITokenProvider>? credentials
)
{
    private readonly PlacedTokens _placed = PlacedTokens.Of(tenants);

    /// <summary>Null: the tenant is not in memory, or none was said.</summary>
    public HandlerCredential? Find(HttpRequestMessage request) =>
        TenantOf(request) is { Length: > 0 } name && tenants.Find(name) is { } tenant ? CredentialOf(tenant) : null;

    /// <summary>
    /// True when the request brings a credential of its own, which stays, so that it needs no tenant. A token that a handler of these tenants placed
    /// does not count: the request is a copy.
    /// </summary>
    public bool LeavesAlone(HttpRequestMessage request) =>
        !handler.ReplacesExisting && handler.Placement.HasOwn(request, _placed);

    /// <exception cref="UnknownTenantException">None was said, or it is not known.</exception>
    public async ValueTask<HandlerCredential> ResolveAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => CredentialOf(await tenants.GetAsync(TenantOf(request), cancellationToken).ConfigureAwait(false));

    private string? TenantOf(HttpRequestMessage request) =>
        TokenTenantRequestExtensions.TenantOf(request) ?? ofOptions?.Invoke(request);

    private HandlerCredential CredentialOf(Tenant tenant) =>
        tenant.AttachedOf(handler) as HandlerCredential ?? Attach(tenant);

    private HandlerCredential Attach(Tenant tenant)
    {
        var own = credentials?.Invoke(tenant) ?? tenant;
        var made = new HandlerCredential(handler, own, (ITokenAudience)own, _placed);
        tenant.Attach(made, IsAlike);

        return made;
    }

    // The factory makes a new handler every two minutes.
    private bool IsAlike(TenantAttachment other) =>
        other is HandlerCredential { Handler: var its } && its.Owner == handler.Owner;
}
