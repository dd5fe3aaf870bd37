using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.Tenants;

public sealed class TenantProbeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_tested_and_the_token_in_use_stays()
    {
        await using var scene = new TenantScene();
        var provider = await scene.Tenants.GetAsync("speech", "acme", Cancel);
        var before = await provider.GetTokenAsync(Cancel);

        var report = await provider.ProbeAsync(cancellationToken: Cancel);

        Assert.True(report.Works, report.ToString());
        Assert.Equal(2, scene.Issued);
        Assert.Same(before, await provider.GetTokenAsync(Cancel));
    }

    [Fact]
    public async Task A_provider_that_is_held_over_a_new_key_tests_the_new_one()
    {
        var key = "1";
        await using var scene = new TenantScene(resolve: (tenant, _, _) => new(TenantScene.Options(tenant, key)));
        var held = await scene.Tenants.GetAsync("speech", "acme", Cancel);
        await held.ProbeAsync(cancellationToken: Cancel);

        key = "2";
        await scene.Tenants.ForgetAsync("speech", "acme", cancellationToken: Cancel);
        var report = await held.ProbeAsync(cancellationToken: Cancel);

        Assert.True(report.Works, report.ToString());
        Assert.Equal(["key-of-acme-1", "key-of-acme-2"], scene.Keys);
    }

    [Fact]
    public async Task A_probe_of_VK_Cloud_outlives_forgetting_too()
    {
        await using var scene = new TenantScene(more: tokens =>
            tokens.AddVkCloudTenants(
                "voice",
                (tenant, _, _) => new(new VkCloudOptions { ClientId = "mcs.voice." + tenant, ClientSecret = "secret" })
            )
        );
        var held = await scene.Tenants.GetAsync("voice", "acme", Cancel);

        await scene.Tenants.ForgetAsync("voice", "acme", cancellationToken: Cancel);
        var report = await held.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal("vk-not-asked", Assert.Single(report.Findings).Code);
        Assert.Equal(1, scene.Tenants.Count);
    }

    [Fact]
    public async Task The_refused_key_of_one_tenant_is_that_tenants_finding()
    {
        await using var scene = new TenantScene();
        scene.Failing["a"] = 0;

        var ofA = await (await scene.Tenants.GetAsync("speech", "a", Cancel)).ProbeAsync(cancellationToken: Cancel);
        var ofB = await (await scene.Tenants.GetAsync("speech", "b", Cancel)).ProbeAsync(cancellationToken: Cancel);

        Assert.False(ofA.Works);
        Assert.True(ofB.Works);
    }
}
