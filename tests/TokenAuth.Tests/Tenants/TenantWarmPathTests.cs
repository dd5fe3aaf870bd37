namespace TokenAuth.Tests.Tenants;

public sealed class TenantWarmPathTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_handler_keeps_with_a_tenant_is_found_without_an_allocation()
    {
        await using var scene = new TenantScene();
        var tenant = (Tenant)await scene.Tenants.GetAsync("speech", "acme", Cancel);
        var owner = new object();
        Find(tenant, owner, times: 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Find(tenant, owner, times: 1_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000); // the JIT's own, at most
    }

    private static void Find(Tenant tenant, object owner, int times)
    {
        for (var i = 0; i < times; i++)
            tenant.Attach<Kept, object>(
                owner,
                static (kept, owner) => ReferenceEquals(kept.Owner, owner),
                static (_, _) => true,
                static (owner, _) => new Kept(owner)
            );
    }

    private sealed record Kept(object Owner);
}
