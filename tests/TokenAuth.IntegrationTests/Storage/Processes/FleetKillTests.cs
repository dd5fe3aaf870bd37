using System.Diagnostics;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Real processes, a real store, the real engine, the emulated vendor.</summary>
public sealed class FleetKillTests(PostgresFixture postgres, RedisFixture redis)
{
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestRun.Cancellation;

    public static TheoryData<string, VkCloudRefreshTokenRule> Fleets
    {
        get
        {
            var rows = new TheoryData<string, VkCloudRefreshTokenRule>
            {
                { "file", VkCloudRefreshTokenRule.Echoed },
                { "file", VkCloudRefreshTokenRule.SingleUse },
                { "postgres", VkCloudRefreshTokenRule.SingleUse },
                { "redis", VkCloudRefreshTokenRule.SingleUse },
            };
            if (TestRun.IsFull)
            {
                rows.Add("postgres", VkCloudRefreshTokenRule.Echoed);
                rows.Add("redis", VkCloudRefreshTokenRule.Echoed);
            }

            return rows;
        }
    }

    [Theory, Trait("Failure", "39")]
    [MemberData(nameof(Fleets))]
    public async Task A_holder_killed_at_any_step_costs_the_others_neither_time_nor_the_refresh_token(
        string kind,
        VkCloudRefreshTokenRule rule
    )
    {
        await using var emulator = await FleetVendor.StartAsync(rule, TimeSpan.FromHours(1));
        using var store = await StoreUnderTest.CreateAsync(kind, postgres, redis);
        await store.GetTokenAsync(emulator);
        var longest = TimeSpan.Zero;
        var worst = (Calls: 0, Granted: 0, Spent: 0);

        foreach (var step in new[] { "read", "leased", "calling", "granted", "written", "released" })
        {
            var mintedBefore = emulator.Ledger.RefreshTokensMinted;
            for (var kill = 0; kill < TestRun.KillsAStep; kill++)
            {
                await store.ExpireAsync(emulator);
                var cost = new FaultCost(emulator);
                using var holder = store.StartWorker($"{emulator.VkTokenEndpoint}", "halt", step);
                await holder.ReadUntilAsync("halted");

                var others = Enumerable.Range(0, 3).Select(_ => store.GetTokenAsync(emulator)).ToList();
                await Task.Delay(50, Cancellation); // they wait for the holder, where it holds something
                await holder.KillAsync();
                var waited = Stopwatch.StartNew();
                var tokens = await Task.WhenAll(others).WaitAsync(_lease, Cancellation);

                longest = waited.Elapsed > longest ? waited.Elapsed : longest;
                worst = (
                    Math.Max(worst.Calls, cost.Calls),
                    Math.Max(worst.Granted, cost.Granted),
                    Math.Max(worst.Spent, cost.Spent)
                );
                Assert.Single(tokens.Distinct());
            }

            // What was granted and never written is lost only where the vendor takes the old refresh token back.
            var minted = emulator.Ledger.RefreshTokensMinted - mintedBefore;
            var lost = rule == VkCloudRefreshTokenRule.SingleUse && step == "granted" ? TestRun.KillsAStep : 0;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{kind}, {rule}, killed {TestRun.KillsAStep} times when {step}: {minted} refresh tokens spent"
            );
            Assert.Equal(lost, minted);
        }

        FaultCost.Say(kind, $"crash at any step, {rule}", worst.Calls, worst.Granted, worst.Spent, longest);
        Assert.Equal(2, worst.Granted);
        Assert.Equal(rule == VkCloudRefreshTokenRule.SingleUse ? (3, 1) : (2, 0), (worst.Calls, worst.Spent));
        Assert.InRange(longest, TimeSpan.Zero, _lease * 0.75); // who waited for the lease to end would have waited for all of it
    }

    [Theory, Trait("Failure", "32")]
    [InlineData("file")]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task Twenty_six_restarts_use_one_refresh_token(string kind)
    {
        await using var emulator = await FleetVendor.StartAsync(VkCloudRefreshTokenRule.Echoed, TimeSpan.FromHours(1));
        using var store = await StoreUnderTest.CreateAsync(kind, postgres, redis);

        for (var restart = 0; restart < 26; restart++)
        {
            await store.GetTokenAsync(emulator);
            await store.ExpireAsync(emulator);
        }

        Assert.Equal(1, emulator.Ledger.RefreshTokensMinted);
        Assert.Equal(26, emulator.Ledger.TokenCalls);
    }

    [Theory, Trait("Failure", "32")]
    [InlineData("file")]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task A_restart_within_the_tokens_life_makes_no_call(string kind)
    {
        await using var emulator = await FleetVendor.StartAsync(VkCloudRefreshTokenRule.Echoed, TimeSpan.FromHours(1));
        using var store = await StoreUnderTest.CreateAsync(kind, postgres, redis);

        for (var restart = 0; restart < TestRun.Restarts; restart++)
        {
            using var process = store.StartWorker($"{emulator.VkTokenEndpoint}", "renew", "0");
            process.Go();
            await process.ReadToEndAsync();
        }

        Assert.Equal(1, emulator.Ledger.TokenCalls);
    }
}
