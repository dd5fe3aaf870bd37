using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.Tenants;

public sealed class TenantEvictionTests
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_that_nobody_asks_for_leaves_and_comes_back()
    {
        await using var scene = new TenantScene();
        var held = await scene.Tenants.GetAsync("speech", "a", Cancel);
        scene.Time.Advance(TimeSpan.FromMinutes(10));
        await held.GetTokenAsync(Cancel);
        await scene.Tenants.GetAsync("speech", "b", Cancel);

        scene.Time.Advance(_hour - TimeSpan.FromSeconds(1));
        var before = scene.Tenants.Count;
        scene.Time.Advance(TimeSpan.FromSeconds(11));
        var after = scene.Tenants.Count;
        var token = await held.GetTokenAsync(Cancel);

        Assert.Equal((2, 0), (before, after));
        Assert.NotNull(token);
        Assert.Equal(2, scene.Resolved["a"]);
        Assert.Equal(1, scene.Tenants.Count);
    }

    [Fact]
    public async Task Beyond_the_capacity_the_least_recently_used_one_leaves()
    {
        await using var scene = new TenantScene(o => o.Capacity = 2);
        await scene.SendAsync("a", cancel: Cancel);
        await scene.SendAsync("b", cancel: Cancel);
        await scene.SendAsync("a", cancel: Cancel);

        await scene.SendAsync("c", cancel: Cancel);
        await scene.SendAsync("a", cancel: Cancel);
        await scene.SendAsync("b", cancel: Cancel);

        Assert.Equal(2, scene.Tenants.Count);
        Assert.Equal((1, 2, 1), (scene.Resolved["a"], scene.Resolved["b"], scene.Resolved["c"]));
    }

    [Fact]
    public async Task Those_beyond_the_capacity_that_were_renewing_leave_soon_afterwards()
    {
        var mayAnswer = new TaskCompletionSource<TokenGrant>();
        await using var scene = new TenantScene(more: tokens =>
            tokens.AddTokenSourceTenants(
                "own",
                (_, _, _) => new(new ScriptedSource(TimeProvider.System) { Answer = (_, _) => mayAnswer.Task }),
                o => o.Capacity = 1
            )
        );
        var asked = new List<Task>();
        foreach (var tenant in new[] { "a", "b", "c" })
            asked.Add((await scene.Tenants.GetAsync("own", tenant, Cancel)).GetTokenAsync(Cancel).AsTask());

        var during = scene.Tenants.Count;
        mayAnswer.SetResult(new TokenGrant(new AccessToken("token")));
        await Task.WhenAll(asked);
        scene.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal((3, 1), (during, scene.Tenants.Count));
    }

    [Fact]
    public async Task A_time_without_length_does_not_keep_the_sweep_running()
    {
        await using var scene = new TenantScene(o => o.IdleTimeout = TimeSpan.FromTicks(1));
        var watched = await scene.Tenants.GetAsync("speech", "a", Cancel);
        await watched.GetTokenAsync(Cancel);
        using var watch = watched.KeepFresh(_ => { });

        await scene.Tenants.GetAsync("speech", "b", Cancel);
        var next = scene.Time.NextTimer;
        scene.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), next);
        Assert.Equal(1, scene.Tenants.Count);
        Assert.Equal(TimeSpan.FromSeconds(1), scene.Time.NextTimer);
    }

    [Fact]
    public async Task A_wall_clock_that_jumps_moves_nobody_out()
    {
        await using var scene = new TenantScene();
        await scene.Tenants.GetAsync("speech", "a", Cancel);

        scene.Time.JumpWallClock(TimeSpan.FromDays(3_650));
        scene.Time.Advance(TimeSpan.FromMinutes(59));
        scene.Time.JumpWallClock(TimeSpan.FromDays(-7_300));
        var before = scene.Tenants.Count;
        scene.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal((1, 0), (before, scene.Tenants.Count));
    }

    [Fact]
    public async Task One_that_is_watched_stays()
    {
        await using var scene = new TenantScene(o => o.Capacity = 1);
        var watched = await scene.Tenants.GetAsync("speech", "a", Cancel);
        await watched.GetTokenAsync(Cancel);
        var watch = watched.KeepFresh(_ => { });

        await scene.Tenants.GetAsync("speech", "b", Cancel);
        await scene.Tenants.GetAsync("speech", "c", Cancel);
        await scene.Tenants.GetAsync("speech", "a", Cancel);
        watch.Dispose();
        await scene.Tenants.GetAsync("speech", "d", Cancel);

        Assert.Equal(1, scene.Resolved["a"]);
        Assert.Equal(1, scene.Tenants.Count);
    }

    [Fact]
    public async Task A_watch_follows_a_tenant_that_is_forgotten()
    {
        await using var scene = new TenantScene();
        var second = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var provider = await scene.Tenants.GetAsync("speech", "a", Cancel);
        var first = await provider.GetTokenAsync(Cancel);
        using var watch = provider.KeepFresh(token =>
        {
            if (!string.Equals(token.Value, first.Value, StringComparison.Ordinal))
                second.TrySetResult(token.Value);
        });

        await scene.Tenants.ForgetAsync("speech", "a", cancellationToken: Cancel);

        Assert.NotNull(await scene.Time.AdvanceUntilAsync(second.Task, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_watch_goes_on_after_a_resolver_that_used_something_disposed()
    {
        var resolved = 0;
        await using var scene = new TenantScene(
            resolve: (tenant, _, _) =>
                ++resolved == 2 ? throw new ObjectDisposedException("DbContext") : new(TenantScene.Options(tenant))
        );
        var second = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var provider = await scene.Tenants.GetAsync("speech", "a", Cancel);
        var first = await provider.GetTokenAsync(Cancel);
        using var watch = provider.KeepFresh(token =>
        {
            if (!string.Equals(token.Value, first.Value, StringComparison.Ordinal))
                second.TrySetResult(token.Value);
        });

        await scene.Tenants.ForgetAsync("speech", "a", cancellationToken: Cancel);

        Assert.NotNull(await scene.Time.AdvanceUntilAsync(second.Task, TimeSpan.FromMinutes(1), 100));
        Assert.True(resolved >= 3, $"{resolved} resolutions"); // the clock may run on, and evict the tenant once more
        Assert.Contains(
            scene.Logs.Warnings,
            warning => warning.StartsWith("Warning 30: KeepFresh has no token", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_grant_of_one_that_left_stays_in_the_store()
    {
        await using var scene = new TenantScene(o => o.Capacity = 1, store: TenantScene.Store());
        await scene.SendAsync("a", cancel: Cancel);
        await scene.SendAsync("b", cancel: Cancel);

        await scene.SendAsync("a", cancel: Cancel);

        Assert.Equal(2, scene.Resolved["a"]);
        Assert.Equal(2, scene.Issued);
    }

    [Fact]
    public async Task A_forgotten_tenant_is_resolved_again_by_whoever_holds_its_provider()
    {
        var key = "1";
        await using var scene = new TenantScene(
            store: TenantScene.Store(),
            resolve: (tenant, _, _) => new(TenantScene.Options(tenant, key))
        );
        var held = await scene.Tenants.GetAsync("speech", "a", Cancel);
        var first = await held.GetTokenAsync(Cancel);

        await scene.Tenants.ForgetAsync("speech", "a", cancellationToken: Cancel);
        var same = await held.GetTokenAsync(Cancel);
        key = "2";
        await scene.Tenants.ForgetAsync("speech", "a", cancellationToken: Cancel);
        var ofNewKey = await held.GetTokenAsync(Cancel);
        await scene.Tenants.ForgetAsync("speech", "a", removeRecord: true, Cancel);
        var afterRemoval = await held.GetTokenAsync(Cancel);

        Assert.Equal(first.Value, same.Value);
        Assert.NotEqual(first.Value, ofNewKey.Value);
        Assert.NotEqual(ofNewKey.Value, afterRemoval.Value);
        Assert.Equal(3, scene.Issued);
    }

    [Fact]
    public async Task Callers_who_wait_while_a_tenant_is_forgotten_get_a_token_all_the_same()
    {
        var resolving = new TaskCompletionSource();
        var calls = 0;
        await using var scene = new TenantScene(
            resolve: async (tenant, _, _) =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                    await resolving.Task;
                return TenantScene.Options(tenant, "1");
            }
        );

        var waiting = scene.Tenants.GetAsync("speech", "a", Cancel).AsTask();
        await scene.Tenants.ForgetAsync("speech", "a", cancellationToken: Cancel);
        resolving.SetResult();
        var provider = await waiting;

        Assert.NotNull(await provider.GetTokenAsync(Cancel));
        Assert.Equal(2, calls);
        Assert.Equal(1, scene.Tenants.Count);
    }

    [Fact]
    public async Task A_token_that_was_refused_while_its_tenant_left_does_not_come_back_from_the_store()
    {
        await using var scene = new TenantScene(o => o.Capacity = 1, store: TenantScene.Store());
        var held = await scene.Tenants.GetAsync("speech", "a", Cancel);
        var refused = await held.GetTokenAsync(Cancel);

        await scene.Tenants.GetAsync("speech", "b", Cancel);
        held.Invalidate(refused);
        var token = await held.GetTokenAsync(Cancel);

        Assert.NotEqual(refused.Value, token.Value);
    }

    [Fact]
    public async Task A_key_that_was_refused_while_its_tenant_left_gives_way_to_the_second_one()
    {
        await using var scene = new TenantScene(
            o => o.Capacity = 1,
            resolve: (tenant, _, _) =>
            {
                var options = TenantScene.Options(tenant);
                options.SecondaryKey = $"key-of-{tenant}-2";
                return new(options);
            }
        );
        var key = ((ISubscriptionKeySource)await scene.Tenants.GetAsync("speech", "a", Cancel)).SubscriptionKey;
        var refused = await key.GetTokenAsync(Cancel);

        await scene.Tenants.GetAsync("speech", "b", Cancel);
        key.Invalidate(refused);
        var second = await key.GetTokenAsync(Cancel);

        Assert.Equal(("key-of-a-1", "key-of-a-2"), (refused.Value, second.Value));
    }

    [Fact]
    public async Task One_whose_endpoint_has_failed_stays_for_a_minute()
    {
        await using var scene = new TenantScene(o => o.Capacity = 1);
        scene.Failing["a"] = 0;
        var failing = await scene.Tenants.GetAsync("speech", "a", Cancel);
        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await failing.GetTokenAsync(Cancel));

        scene.Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        await scene.Tenants.GetAsync("speech", "b", Cancel);
        var during = scene.Tenants.Count;
        scene.Time.Advance(TimeSpan.FromTicks(1));
        await scene.Tenants.GetAsync("speech", "c", Cancel);

        Assert.Equal((2, 1), (during, scene.Tenants.Count));
    }

    [Fact]
    public async Task One_whose_endpoint_works_again_may_leave_at_once()
    {
        await using var scene = new TenantScene(o => o.Capacity = 1);
        scene.Failing["a"] = 0;
        var provider = await scene.Tenants.GetAsync("speech", "a", Cancel);
        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await provider.GetTokenAsync(Cancel));

        scene.Failing.Clear();
        await provider.GetTokenAsync(Cancel);
        await scene.Tenants.GetAsync("speech", "b", Cancel);

        Assert.Equal(1, scene.Tenants.Count);
    }
}
