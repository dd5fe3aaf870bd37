using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Real processes, a real store, the real engine, the emulated vendor.</summary>
public sealed class FleetRenewalTests(PostgresFixture postgres, RedisFixture redis)
{
    [Theory, Trait("Failure", "38")]
    [InlineData("file")]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task Processes_renew_with_one_call_each(string kind)
    {
        var renewals = TestRun.Renewals;
        await using var emulator = await FleetVendor.StartAsync(
            VkCloudRefreshTokenRule.Echoed,
            TimeSpan.FromSeconds(3)
        );
        using var store = await StoreUnderTest.CreateAsync(kind, postgres, redis);
        var fleet = Enumerable
            .Range(0, TestRun.Processes)
            .Select(_ => store.StartWorker($"{emulator.VkTokenEndpoint}", "renew", $"{renewals}"))
            .ToList();

        foreach (var process in fleet)
            await process.ReadUntilAsync("warm"); // one that starts late would see fewer renewals
        // As slow as a real one: meanwhile the others come for the same renewal.
        emulator.Faults.Always(TokenServiceEndpoint.VkToken, TokenServiceFault.Delay(TimeSpan.FromMilliseconds(200)));
        var cost = new FaultCost(emulator);
        fleet.ForEach(process => process.Go());

        var outcome = await FleetOutcome.ReadAsync(fleet);

        var ideal = 1 + renewals; // the token of the start may have expired while the last process started
        cost.Say(kind, $"none, {renewals} renewals of {TestRun.Processes} processes", outcome.LongestWait);
        Assert.Equal(0, outcome.Failures);
        Assert.InRange(cost.Calls, renewals, ideal + 1);
        Assert.Equal(0, cost.Spent);
        Assert.Equal(1, emulator.Ledger.RefreshTokensMinted);
    }
}
