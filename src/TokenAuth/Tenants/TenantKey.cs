namespace TokenAuth;

/// <summary>The subscription key of a tenant, over its leaving and coming back.</summary>
internal sealed class TenantKey(Tenant tenant) : ITokenProvider, ITokenAudience, ILateAudience
{
    private AccessToken? _refused; // the tenant that comes back begins with its first key

    public IReadOnlyCollection<string> AllowedHosts => Audience?.AllowedHosts ?? [];

    public bool HostsComeWithTokens => tenant.HostsComeWithTokens;

    private ITokenAudience? Audience => tenant.LatestKey as ITokenAudience;

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        tenant.GetKeyAsync(Volatile.Read(ref _refused), cancellationToken);

    public void Invalidate(AccessToken rejected)
    {
        Volatile.Write(ref _refused, rejected); // the tenant may leave at this moment
        tenant.LatestKey.Invalidate(rejected);
    }

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Audience?.IsRejectedAsync(response, cancellationToken) ?? new(StandardRejection.Is(response));

    public override string ToString() => $"Key of {tenant}";
}
