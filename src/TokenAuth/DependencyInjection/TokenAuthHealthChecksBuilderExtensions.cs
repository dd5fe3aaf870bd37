using Microsoft.Extensions.Diagnostics.HealthChecks;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of token providers.</summary>
public static class TokenAuthHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports the state of all token providers of the container. The check makes no call, so that you may run it as often as you like.
    /// </summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>
    /// Healthy: the token is good, or nobody has asked for one yet. A fixed token or key is always healthy, and so is an application's own provider
    /// that is no <see cref="CachedTokenProvider"/>: its state is not known.
    /// </item>
    /// <item>
    /// Degraded: renewals fail while the token still serves; the token store fails; changed settings are wrong and the last
    /// good ones are in use.
    /// </item>
    /// <item>
    /// Degraded too: renewals fail for some of a name's tenants. The data of that name counts the tenants in memory (<c>tenants</c>) and those that
    /// fail (<c>failingTenants</c>); the description names at most ten of these.
    /// </item>
    /// <item><paramref name="failureStatus"/>: renewals fail and there is no token that may be used.</item>
    /// </list>
    /// <para>
    /// <c>Data</c> has an entry for each provider: a dictionary with <c>status</c>, and where they apply <c>since</c>,
    /// <c>cause</c>, <c>nextAttempt</c> and <c>expiresAt</c>.
    /// </para>
    /// <para>
    /// A provider renews when a request needs a token. If the check decides whether requests come at all, as a readiness probe does, keep the
    /// provider trying without them: <see cref="TokenProviderExtensions.KeepFresh(ITokenProvider, Action{AccessToken})"/>.
    /// </para>
    /// </remarks>
    /// <param name="failureStatus"><see cref="HealthStatus.Unhealthy"/> when null.</param>
    public static IHealthChecksBuilder AddTokenAuth(
        this IHealthChecksBuilder builder,
        string name = "TokenAuth",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null
    )
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));

        builder.Services.AddTokenAuth();

        return builder.Add(
            new HealthCheckRegistration(
                name,
                static services => new TokenHealthCheck(services.GetRequiredService<TokenProviderRegistry>().States),
                failureStatus,
                tags
            )
        );
    }
}
