using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TokenAuth;

/// <summary>The health of one provider.</summary>
/// <param name="Description">What is wrong; null while nothing is.</param>
internal sealed record TokenHealth(string Name, HealthStatus Status, string? Description)
{
    public Dictionary<string, object> Data { get; } = new(StringComparer.Ordinal) { ["status"] = Status.ToString() };

    public static TokenHealth Of(string name, ITokenProvider? provider)
    {
        if (provider is TenantProviders tenants)
            return OfTenants(name, tenants.Health());

        var state = (provider as IRenewingProvider)?.Engine?.Snapshot();

        var health =
            state?.Renewal is { } renewal ? OfFailingRenewal(name, state, renewal)
            : state?.Store is { } store ? Degraded(name, "its token store fails", store)
            : (provider as IReloadingProvider)?.InvalidSettings is { } settings
                ? Degraded(name, "its changed settings are wrong", settings)
            : new TokenHealth(name, HealthStatus.Healthy, Description: null);
        if (state?.ExpiresAt is { } expiresAt)
            health.Data["expiresAt"] = expiresAt;

        return health;
    }

    // One tenant's wrong key is no reason to take the application out of service.
    private static TokenHealth OfTenants(string name, TenantHealth tenants)
    {
        var health =
            tenants.Failing == 0
                ? tenants.Store is { } store
                    ? Degraded(name, "its token store fails", store)
                    : new TokenHealth(name, HealthStatus.Healthy, Description: null)
                : new TokenHealth(
                    name,
                    HealthStatus.Degraded,
                    FormattableString.Invariant(
                        $"Token provider '{name}': the renewal fails for {tenants.Failing} of {tenants.Count} tenants in memory: "
                    )
                        + string.Join(", ", tenants.Named.Select(tenant => $"'{tenant}'"))
                        + (tenants.Failing > tenants.Named.Count ? " and others." : ".")
                );
        health.Data["tenants"] = tenants.Count;
        health.Data["failingTenants"] = tenants.Failing;

        return health;
    }

    private static TokenHealth OfFailingRenewal(string name, TokenProviderSnapshot state, OutageReport renewal)
    {
        var serves = state.HasUsableToken;
        var what = serves ? "its renewal fails, its token still serves" : "it has no usable token";

        var health = new TokenHealth(
            name,
            serves ? HealthStatus.Degraded : HealthStatus.Unhealthy,
            FormattableString.Invariant(
                $"Token provider '{name}': {what}; since {renewal.Since:u}, next attempt from {state.NextAttempt:u}. {renewal.Cause}"
            )
        );
        health.Add(renewal);
        health.Data["nextAttempt"] = state.NextAttempt;

        return health;
    }

    private static TokenHealth Degraded(string name, string what, OutageReport outage)
    {
        var health = new TokenHealth(
            name,
            HealthStatus.Degraded,
            FormattableString.Invariant($"Token provider '{name}': {what}; since {outage.Since:u}. {outage.Cause}")
        );
        health.Add(outage);

        return health;
    }

    private void Add(OutageReport outage)
    {
        Data["since"] = outage.Since;
        Data["cause"] = outage.Cause;
    }
}
