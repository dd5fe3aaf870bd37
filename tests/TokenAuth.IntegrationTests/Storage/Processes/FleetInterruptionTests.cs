using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Real processes that renew while their store is away, at a vendor that takes each refresh token once.</summary>
public sealed class FleetInterruptionTests
{
    private const int Processes = 3;

    // Renewals begin at 63 % to 81 % of a life: the processes have that long to start.
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Stores => TestRun.IsFull ? ["file", "postgres", "redis"] : ["file"];

    [Theory, Trait("Failure", "41")]
    [MemberData(nameof(Stores))]
    public async Task A_store_that_is_away_costs_each_process_but_the_first_one_refresh_token(string kind)
    {
        await using var emulator = await FleetVendor.StartAsync(VkCloudRefreshTokenRule.SingleUse, _lifetime);
        using var directory = new TestDirectory();
        await using var store = await InterruptedStore.StartAsync(kind, directory);
        // The first token is of another process: whoever spends a refresh token spends the next one a minute later.
        using (var first = store.StartWorker($"{emulator.VkTokenEndpoint}", "renew", "0"))
        {
            first.Go();
            await first.ReadToEndAsync();
        }

        var fleet = Enumerable
            .Range(0, Processes)
            .Select(_ => store.StartWorker($"{emulator.VkTokenEndpoint}", "renew", "1"))
            .ToList();
        foreach (var process in fleet)
            await process.ReadUntilAsync("warm");

        await store.TakeAwayAsync();
        var cost = new FaultCost(emulator);
        fleet.ForEach(process => process.Go());
        var outcome = await FleetOutcome.ReadAsync(fleet);

        cost.Say(kind, $"outage, {Processes} processes", outcome.LongestWait);
        Assert.Equal(0, outcome.Failures);
        Assert.Equal(Processes - 1, cost.Spent);
        Assert.Equal(Processes, cost.Granted);
        Assert.Equal(Processes + Processes - 1, cost.Calls); // nobody presents a refused refresh token twice
    }
}
