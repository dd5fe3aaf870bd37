using System.Diagnostics;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>A failover that loses the last renewal, at a vendor that takes each refresh token once.</summary>
public sealed class FleetFailoverTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly string _name = PostgresFixture.NewTable();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();

    private static CancellationToken Cancellation => TestRun.Cancellation;

    [Fact]
    [Trait("Failure", "39")]
    [Trait("Failure", "75")]
    public async Task Of_PostgreSQL_it_costs_one_refresh_token_of_a_process_that_starts()
    {
        await using var pair = await PostgresPair.StartAsync();
        var connection = pair.ConnectionStringFor("two;Target Session Attributes=primary");
        var options = new PostgresTokenStoreOptions { Table = _name, EncryptionKey = _encryptionKey };
        await using var living = new PostgresTokenStore(connection, options);
        await using var starting = new PostgresTokenStore(connection, options);

        await AssertCostAsync(
            "postgres",
            living,
            starting,
            async () =>
            {
                await pair.Primary.UntilCopiedAsync();
                await pair.Standby.CutOffAsync();
            },
            pair.FailOverAsync
        );
    }

    [Fact]
    [Trait("Failure", "39")]
    [Trait("Failure", "75")]
    public async Task Of_Redis_it_costs_one_refresh_token_of_a_process_that_starts()
    {
        await using var primary = await RedisFixture.StartOwnAsync();
        await using var replica = await RedisFixture.StartOwnAsync("--replicaof", $"127.0.0.1 {primary.Port}");
        var options = new RedisTokenStoreOptions { KeyPrefix = _name, EncryptionKey = _encryptionKey };
        await using var living = new RedisTokenStore($"{primary.Configuration},{replica.Configuration}", options);
        await using var starting = new RedisTokenStore(replica.Configuration, options);

        await AssertCostAsync(
            "redis",
            living,
            starting,
            async () =>
            {
                while (!(await replica.SendAsync($"KEYS {_name}*record")).StartsWith("*1", StringComparison.Ordinal))
                    await Task.Delay(20, Cancellation);
                await replica.SendAsync("REPLICAOF 127.0.0.1 1"); // it lacks what comes now
            },
            async () =>
            {
                await primary.StopAsync("-KILL");
                await replica.SendAsync("REPLICAOF NO ONE");
            }
        );
    }

    private async Task AssertCostAsync(
        string kind,
        ITokenStore living,
        ITokenStore starting,
        Func<Task> cutOff,
        Func<Task> failOver
    )
    {
        await using var emulator = await FleetVendor.StartAsync(
            VkCloudRefreshTokenRule.SingleUse,
            TimeSpan.FromHours(1),
            _clock
        );
        await using var application = emulator.CreateApplication(living, _clock);
        await application.GetTokenAsync(Cancellation);
        await cutOff();
        _clock.Advance(TimeSpan.FromMinutes(61));
        var cost = new FaultCost(emulator);
        var renewed = (await application.GetTokenAsync(Cancellation)).Value;
        Assert.Equal(1, emulator.Ledger.RefreshTokensMinted);

        await failOver();
        await using var fresh = emulator.CreateApplication(starting, _clock);
        var waited = Stopwatch.StartNew();
        var token = (await fresh.GetTokenAsync(Cancellation)).Value;

        cost.Say(kind, "failover that lost a renewal", waited.Elapsed);
        Assert.Equal((3, 2), (cost.Calls, cost.Granted)); // the renewal, a refusal, and the second grant
        Assert.NotEqual(renewed, token); // it found the grant of before
        Assert.Equal(2, emulator.Ledger.RefreshTokensMinted);
        _clock.Advance(TimeSpan.FromMinutes(61));
        await application.GetTokenAsync(Cancellation);
        await fresh.GetTokenAsync(Cancellation);
        Assert.Equal(2, emulator.Ledger.RefreshTokensMinted); // what was stored last serves both
    }
}
