using System.Diagnostics;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Real processes that are frozen beyond their lease while they renew, at a vendor that takes each refresh token once.</summary>
public sealed class FleetStallTests(PostgresFixture postgres, RedisFixture redis)
{
    // Its own, not a short one: within 15 seconds a frozen process would wake in time to ask the vendor once more.
    private const int RedisLease = 18;

    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(35); // a lease of 20, on a machine that starves

    private static CancellationToken Cancellation => TestRun.Cancellation;

    public static TheoryData<string, string> Stalls =>
        TestRun.IsFull
            ? new MatrixTheoryData<string, string>(["file", "postgres", "redis"], ["leased", "calling", "granted"])
            : new MatrixTheoryData<string, string>(["redis"], ["granted"]);

    public static TheoryData<string> Stores => TestRun.IsFull ? ["file", "postgres", "redis"] : ["file"];

    [Theory, Trait("Failure", "40")]
    [MemberData(nameof(Stalls))]
    public async Task A_frozen_holder_costs_at_most_one_refresh_token_and_the_wait_for_its_lease(
        string kind,
        string step
    )
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot stop a process.");
        await using var emulator = await StartVendorAsync();
        using var store = await CreateStoreAsync(kind, emulator);
        var cost = new FaultCost(emulator);
        using var holder = await HaltAsync(store, emulator, step);
        holder.Stop();

        var waited = Stopwatch.StartNew();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => store.GetTokenAsync(emulator)));
        var wait = waited.Elapsed;
        holder.Continue();
        holder.Go();
        await holder.WaitForExitAsync(); // it may fail: its 15 seconds for the vendor have passed

        cost.Say(kind, $"stall when {step}", wait);
        Assert.Single(tokens.Distinct(StringComparer.Ordinal));
        Assert.Equal(tokens[0], await store.GetTokenAsync(emulator)); // its late write replaced nothing
        // What the vendor had not granted yet may be asked for after the wait, with the refresh token of before.
        Assert.InRange(cost.Spent, step == "granted" ? 1 : 0, 1);
        Assert.InRange(cost.Granted, 1, 2);
        Assert.InRange(wait, TimeSpan.Zero, _longestWait);
    }

    [Theory]
    [Trait("Failure", "39")]
    [Trait("Failure", "40")]
    [MemberData(nameof(Stores))]
    public async Task A_frozen_holder_and_a_killed_one_cost_two_refresh_tokens(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot stop a process.");
        await using var emulator = await StartVendorAsync();
        using var store = await CreateStoreAsync(kind, emulator);
        var cost = new FaultCost(emulator);
        using var frozen = await HaltAsync(store, emulator, "granted");
        frozen.Stop();

        var killedHolds = new TaskCompletionSource();
        var waited = Stopwatch.StartNew();
        var waiting = store.GetTokenAsync(emulator, lost: killedHolds.Task); // behind both
        using var killed = await HaltAsync(store, emulator, "granted"); // spends one, as the frozen one's is not stored
        killedHolds.SetResult();
        await killed.KillAsync();
        var token = await waiting;
        var wait = waited.Elapsed;
        frozen.Continue();
        frozen.Go();
        await frozen.WaitForExitAsync();

        cost.Say(kind, "both", wait);
        Assert.Equal(token, await store.GetTokenAsync(emulator));
        Assert.Equal((5, 3, 2), (cost.Calls, cost.Granted, cost.Spent));
        Assert.InRange(wait, TimeSpan.Zero, _longestWait * (kind == "redis" ? 2 : 1));
    }

    [Theory, Trait("Failure", "39")]
    [MemberData(nameof(Stores))]
    public async Task A_killed_holder_costs_one_refresh_token_and_over_Redis_the_wait_for_its_lease(string kind)
    {
        await using var emulator = await StartVendorAsync();
        using var store = await CreateStoreAsync(kind, emulator);
        var cost = new FaultCost(emulator);
        using var killed = await HaltAsync(store, emulator, "granted");

        var waited = Stopwatch.StartNew();
        var waiting = store.GetTokenAsync(emulator);
        await killed.KillAsync();
        var token = await waiting;

        cost.Say(kind, "crash when granted", waited.Elapsed);
        Assert.Equal(token, await store.GetTokenAsync(emulator));
        Assert.Equal((3, 2, 1), (cost.Calls, cost.Granted, cost.Spent));
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, kind == "redis" ? _longestWait : _longestWait / 2);
    }

    private static Task<TokenServiceEmulator> StartVendorAsync() =>
        FleetVendor.StartAsync(VkCloudRefreshTokenRule.SingleUse, TimeSpan.FromHours(1));

    /// <summary>A store whose grant is due.</summary>
    private async Task<StoreUnderTest> CreateStoreAsync(string kind, TokenServiceEmulator emulator)
    {
        var store = await StoreUnderTest.CreateAsync(kind, postgres, redis, RedisLease);
        await store.GetTokenAsync(emulator);
        await store.ExpireAsync(emulator);

        return store;
    }

    private static async Task<WorkerProcess> HaltAsync(StoreUnderTest store, TokenServiceEmulator emulator, string step)
    {
        var process = store.StartWorker($"{emulator.VkTokenEndpoint}", "halt", step);
        await process.ReadUntilAsync("halted");

        return process;
    }
}
