using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.Tenants;

/// <summary>Resolvers that do what nobody expects.</summary>
public sealed class TenantResolverTests
{
    private static readonly TimeSpan _atOnce = TimeSpan.FromSeconds(10); // of the real clock: the manual one stands still

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resolver_that_asks_for_its_own_tenant_is_told_at_once()
    {
        await using var scene = new TenantScene(
            resolve: async (tenant, services, end) =>
            {
                await services.GetRequiredService<ITokenTenants>().GetAsync("speech", tenant, end);
                return TenantScene.Options(tenant);
            }
        );

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            scene.Tenants.GetAsync("speech", "acme", Cancel).AsTask().WaitAsync(_atOnce, Cancel)
        );

        Assert.Equal(
            "The resolver of token provider 'speech' asks for tenant 'acme', whose resolution waits for it. Resolve a tenant without a token of its own.",
            error.Message
        );
    }

    [Fact]
    public async Task Resolvers_that_wait_for_each_other_are_told_at_once()
    {
        await using var scene = new TenantScene(
            resolve: async (tenant, services, end) =>
            {
                var next = tenant switch
                {
                    "a" => "b",
                    "b" => "c",
                    _ => "a",
                };
                await services.GetRequiredService<ITokenTenants>().GetAsync("speech", next, end);
                return TenantScene.Options(tenant);
            }
        );

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            scene.Tenants.GetAsync("speech", "a", Cancel).AsTask().WaitAsync(_atOnce, Cancel)
        );

        Assert.Matches( // the last of the three to wait closes the circle
            "^The resolver of token provider 'speech' asks for tenant '[abc]', whose resolution waits for it\\.",
            error.Message
        );
        Assert.Equal(0, scene.Tenants.Count);
    }

    [Fact]
    public async Task Resolvers_that_wait_for_each_other_are_told_at_once_although_one_waits_for_two()
    {
        var mayGoOn = new TaskCompletionSource();
        await using var scene = new TenantScene(
            resolve: async (tenant, services, end) =>
            {
                var tenants = services.GetRequiredService<ITokenTenants>();
                switch (tenant)
                {
                    case "a":
                        var b = tenants.GetAsync("speech", "b", end).AsTask();
                        var c = tenants.GetAsync("speech", "c", end).AsTask();
                        mayGoOn.SetResult(); // it waits for both
                        await Task.WhenAll(b, c);
                        break;
                    case "b":
                        await mayGoOn.Task;
                        await tenants.GetAsync("speech", "a", end);
                        break;
                }

                return TenantScene.Options(tenant);
            }
        );

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            scene.Tenants.GetAsync("speech", "a", Cancel).AsTask().WaitAsync(_atOnce, Cancel)
        );
        Assert.Equal(1, scene.Tenants.Count);
    }

    [Fact]
    public async Task A_resolver_may_use_another_tenants_token()
    {
        var later = Task.CompletedTask;
        await using var scene = new TenantScene(
            resolve: async (tenant, services, end) =>
            {
                var tenants = services.GetRequiredService<ITokenTenants>();
                if (tenant != "vault")
                    await (await tenants.GetAsync("speech", "vault", end)).GetTokenAsync(end);
                else
                    later = Task.Run(async () => await tenants.GetAsync("speech", "vault", Cancel), Cancel);
                return TenantScene.Options(tenant);
            }
        );

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => scene.Tenants.GetAsync("speech", $"t{i % 5}", Cancel).AsTask().WaitAsync(_atOnce, Cancel))
        );
        await later.WaitAsync(_atOnce, Cancel).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal(6, scene.Tenants.Count);
        Assert.Equal(1, scene.Issued);
    }

    [Fact]
    public async Task The_end_of_the_container_runs_no_resolvers_callback_under_its_lock()
    {
        var isFree = false;
        var registered = new TaskCompletionSource();
        TenantScene? scene = null;
        scene = new TenantScene(
            resolve: async (_, _, end) =>
            {
                var ending = new TaskCompletionSource().Task.WaitAsync(end); // first: callbacks run from the last to the first
                await using var ended = end.Register(() => isFree = CanCount(scene!));
                registered.SetResult();
                await ending;
                return null;
            }
        );

        var getting = scene.Tenants.GetAsync("speech", "acme", Cancel).AsTask();
        await registered.Task;
        await scene.DisposeAsync();

        Assert.True(isFree, "Counting the tenants waited for the callback.");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => getting);
    }

    [Fact]
    public async Task A_megabyte_is_a_name_like_any_other()
    {
        await using var scene = new TenantScene(
            resolve: (tenant, _, _) => new(tenant[^1] == 'a' ? TenantScene.Options("long") : null)
        );
        var name = new string('é', 1_000_000);

        var provider = await scene.Tenants.GetAsync("speech", name + "a", Cancel);
        var error = await Assert.ThrowsAsync<UnknownTenantException>(async () =>
            await scene.Tenants.GetAsync("speech", name, Cancel)
        );

        Assert.NotNull(await provider.GetTokenAsync(Cancel));
        Assert.Equal(
            $"Token provider 'speech' has no tenant '{new string('é', 64)}…': its resolver returned null. Check the name, whose case counts.",
            error.Message
        );
    }

    // On a thread of its own: those of the pool may all be busy for seconds.
    private static bool CanCount(TenantScene scene)
    {
        var counting = new Thread(() => _ = scene.Tenants.Count) { IsBackground = true };
        counting.Start();

        return counting.Join(TimeSpan.FromSeconds(30));
    }
}
