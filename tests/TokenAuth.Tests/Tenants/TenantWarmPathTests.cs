namespace TokenAuth.Tests.Tenants;

public sealed class TenantWarmPathTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_handler_keeps_with_a_tenant_is_found_without_an_allocation()
    {
        await using var scene = new TenantScene();
        var tenant = (Tenant)await scene.Tenants.GetAsync("speech", "acme", Cancel);
        var kept = new Kept(new object());
        tenant.Attach(new Kept(new object()), _ => false);
        tenant.Attach(kept, _ => false);
        Find(tenant, kept, times: 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Find(tenant, kept, times: 1_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000); // the JIT's own, at most
    }

    private static void Find(Tenant tenant, Kept kept, int times)
    {
        for (var i = 0; i < times; i++)
            Assert.Same(kept, tenant.AttachedOf(kept.Owner));
    }

    private sealed class Kept(object owner) : TenantAttachment(owner);
}
