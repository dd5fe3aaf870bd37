using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Tenants;

[CollectionDefinition(nameof(TenantMemoryTests), DisableParallelization = true)]
[Collection(nameof(TenantMemoryTests))]
public sealed class TenantMemoryTests
{
    private static readonly int _count = TestRun.Repeated(20_000);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("VK Cloud", false)]
    [InlineData("VK Cloud", true)]
    [InlineData("Azure, region", false)]
    [InlineData("Azure, region", true)]
    [InlineData("Azure, custom domain", false)]
    [InlineData("Azure, custom domain", true)]
    public async Task A_tenant_is_small_and_leaves_nothing_behind(string kind, bool isStored)
    {
        var names = Enumerable.Range(0, _count).Select(n => n.ToString(CultureInfo.InvariantCulture)).ToArray();
        await using var services = Services(kind, isStored);
        var tenants = services.GetRequiredService<ITokenTenants>();
        await tenants.GetAsync("voice", "first", Cancel);
        await tenants.ForgetAsync("voice", "first", cancellationToken: Cancel);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var name in names)
            await tenants.GetAsync("voice", name, Cancel);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / _count;
        foreach (var name in names)
            await tenants.ForgetAsync("voice", name, cancellationToken: Cancel);
        var left = (GC.GetTotalMemory(forceFullCollection: true) - before) / _count;

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes a tenant, {left} left");
        Assert.InRange(bytes, 0, 2_048);
        Assert.InRange(left, -1_000, 100); // the emptied table of the dictionary
    }

    [Fact]
    public async Task The_heap_is_what_it_was_after_many_have_come_and_gone()
    {
        var count = TestRun.Repeated(100_000);
        var time = new ManualTimeProvider();
        await using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddTokenAuth()
            .AddVkCloudTenants(
                "voice",
                (tenant, _, _) => new(new VkCloudOptions { ClientId = "mcs.voice." + tenant, ClientSecret = "secret" }),
                o => o.Capacity = count
            )
            .Services.BuildServiceProvider();
        var tenants = services.GetRequiredService<ITokenTenants>();
        await tenants.GetAsync("voice", "first", Cancel);
        time.Advance(TimeSpan.FromHours(2));

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
            await tenants.GetAsync("voice", i.ToString(CultureInfo.InvariantCulture), Cancel);
        var most = tenants.Count;
        time.Advance(TimeSpan.FromHours(2));
        var left = GC.GetTotalMemory(forceFullCollection: true) - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{left:N0} bytes left");
        Assert.Equal((count, 0), (most, tenants.Count));
        Assert.True(left < 500_000, $"{left:N0} bytes are left."); // less than before: what other tests left behind
    }

    private static ServiceProvider Services(string kind, bool isStored)
    {
        var services = new ServiceCollection().AddLogging();
        if (isStored)
            services.AddSingleton<ITokenStore>(TenantScene.Store());
        _ = kind switch
        {
            "VK Cloud" => services
                .AddTokenAuth()
                .AddVkCloudTenants(
                    "voice",
                    (tenant, _, _) =>
                        new(new VkCloudOptions { ClientId = "mcs.voice." + tenant, ClientSecret = "secret-" + tenant }),
                    o => o.Capacity = _count
                ),
            _ => services
                .AddTokenAuth()
                .AddAzureSpeechTenants(
                    "voice",
                    (tenant, _, _) =>
                        new(
                            kind == "Azure, region"
                                ? new AzureSpeechOptions { Region = "westeurope", SubscriptionKey = "key-of-" + tenant }
                                : TenantScene.Options("customer-" + tenant)
                        ),
                    o => o.Capacity = _count
                ),
        };

        return services.BuildServiceProvider();
    }
}
