namespace TokenAuth;

/// <summary>The subscription key of a tenant, over its leaving and coming back.</summary>
internal sealed class TenantKey(Tenant tenant) : ITokenProvider, ITokenAudience, ILateAudience
{
    public IReadOnlyCollection<string> AllowedHosts => Audience?.AllowedHosts ?? [];

    public bool HostsComeWithTokens => tenant.HostsComeWithTokens;

    private ITokenAudience? Audience => tenant.LatestKey as ITokenAudience;

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        tenant.GetKeyAsync(cancellationToken);

    public void Invalidate(AccessToken rejected) => tenant.LatestKey.Invalidate(rejected);

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Audience?.IsRejectedAsync(response, cancellationToken) ?? new(StandardRejection.Is(response));

    public override string ToString() => $"Key of {tenant}";
}
