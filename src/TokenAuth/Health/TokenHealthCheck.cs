using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TokenAuth;

/// <summary>The health of all providers: the worst of theirs.</summary>
/// <param name="providers">Each name, and the provider if it has been used.</param>
internal sealed class TokenHealthCheck(Func<IEnumerable<KeyValuePair<string, ITokenProvider?>>> providers)
    : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var healths = providers()
            .Select(provider => TokenHealth.Of(provider.Key, provider.Value))
            .OrderBy(health => health.Status)
            .ToList();
        var worst = healths.Count == 0 ? HealthStatus.Healthy : healths[0].Status;

        var result = new HealthCheckResult(
            worst == HealthStatus.Unhealthy ? context.Registration.FailureStatus : worst,
            Describe(healths),
            data: healths.ToDictionary(health => health.Name, health => (object)health.Data, StringComparer.Ordinal)
        );

        return Task.FromResult(result);
    }

    private static string Describe(List<TokenHealth> healths) =>
        healths.Count == 0 ? "No token provider is registered."
        : healths[0].Status == HealthStatus.Healthy ? "All token providers are well."
        : string.Join(" ", healths.Select(health => health.Description).OfType<string>());
}
