using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Tests.Lifetime;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Tenants;

public sealed class TenantTelemetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_measured_has_the_providers_name_and_no_tenants()
    {
        var name = Guid.NewGuid().ToString();
        await using var scene = new TenantScene(more: tokens =>
            tokens.AddTokenSourceTenants(name, (_, _, _) => new(new ScriptedSource(TimeProvider.System)))
        );
        using var measurements = new RecordedMeasurements(name);

        foreach (var tenant in new[] { "acme", "globex" })
        {
            var provider = await scene.Tenants.GetAsync(name, tenant, Cancel);
            provider.Invalidate(await provider.GetTokenAsync(Cancel));
        }
        var lives = measurements.Observe("tokenauth.token.remaining_life").ToList();

        Assert.Empty(lives);
        Assert.Equal(2, measurements.Of("tokenauth.rejections").Count());
        Assert.DoesNotContain(
            measurements.All.SelectMany(measured => measured.Tags.Values),
            value => value is "acme" or "globex"
        );
    }
}
