using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TokenAuth.Tests.Lifetime;

namespace TokenAuth.Tests.Tenants;

public sealed class TenantHealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_that_fail_are_counted_and_named()
    {
        await using var scene = Scene();
        await FailAsync(scene, "b", "a\r\nforged");
        await scene.SendAsync("c", cancel: Cancel);

        var entry = await CheckAsync(scene);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal(
            "Token provider 'speech': the renewal fails for 2 of 3 tenants in memory: 'a??forged', 'b'.",
            entry.Description
        );
        Assert.Equal(
            "status Degraded, tenants 3, failingTenants 2",
            string.Join(", ", Data(entry).Select(datum => $"{datum.Key} {datum.Value}"))
        );
    }

    [Fact]
    public async Task At_most_ten_are_named()
    {
        await using var scene = Scene();
        await FailAsync(scene, [.. Enumerable.Range(0, 12).Select(n => n.ToString(CultureInfo.InvariantCulture))]);

        var entry = await CheckAsync(scene);

        Assert.StartsWith(
            "Token provider 'speech': the renewal fails for 12 of 12 tenants in memory: '",
            entry.Description,
            StringComparison.Ordinal
        );
        Assert.Equal(2 + 20, entry.Description!.Count(c => c == '\''));
        Assert.EndsWith(" and others.", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_well_again_is_named_no_more()
    {
        await using var scene = Scene();
        await FailAsync(scene, "a");

        scene.Failing.Clear();
        scene.Time.Advance(TimeSpan.FromMinutes(20));
        await scene.SendAsync("a", cancel: Cancel);

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(scene)).Status);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_store_that_fails_is_degraded_although_the_tenants_notice_nothing()
    {
        var store = new ScriptedStore();
        await using var scene = Scene(store);
        store.FailAt("read", "lease", "write");
        var since = scene.Time.GetUtcNow();
        await scene.SendAsync("a", cancel: Cancel);

        var entry = await CheckAsync(scene);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal(
            FormattableString.Invariant(
                $"Token provider 'speech': its token store fails; since {since:u}. {Data(entry)["cause"]}"
            ),
            entry.Description
        );
        Assert.Equal((1, 0), (Data(entry)["tenants"], Data(entry)["failingTenants"]));
    }

    private static TenantScene Scene(ITokenStore? store = null) =>
        new(
            store: store,
            resolve: (tenant, _, _) => new(TenantScene.Options(tenant[..1])),
            more: tokens => tokens.Services.AddHealthChecks().AddTokenAuth()
        );

    private static async Task FailAsync(TenantScene scene, params string[] tenants)
    {
        foreach (var tenant in tenants)
        {
            scene.Failing[tenant[..1]] = 0;
            var provider = await scene.Tenants.GetAsync("speech", tenant, Cancel);
            var failing = Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
                await provider.GetTokenAsync(Cancel)
            );
            await scene.Time.AdvanceUntilAsync(failing, TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<HealthReportEntry> CheckAsync(TenantScene scene) =>
        (
            await scene.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)
        ).Entries.Values.Single();

    private static IReadOnlyDictionary<string, object> Data(HealthReportEntry entry) =>
        (IReadOnlyDictionary<string, object>)entry.Data["speech"];
}
