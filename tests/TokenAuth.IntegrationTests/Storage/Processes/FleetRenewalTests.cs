using System.Globalization;
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
        var callsBefore = emulator.Ledger.TokenCalls;
        fleet.ForEach(process => process.Go());

        var (failures, longest) = (0, 0);
        foreach (var process in fleet)
        {
            var output = (await process.ReadToEndAsync()).Split(' ');
            failures += int.Parse(output[1], CultureInfo.InvariantCulture);
            longest = Math.Max(longest, int.Parse(output[2], CultureInfo.InvariantCulture));
            process.Dispose();
        }

        var ledger = emulator.Ledger;
        var calls = ledger.TokenCalls - callsBefore;
        var ideal = 1 + renewals; // the token of the start may have expired while the last process started
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: {calls} token calls (ideal {ideal}), {ledger.RefreshTokensMinted} refresh tokens, longest wait {longest} ms, {failures} failed"
        );
        Assert.Equal(0, failures);
        Assert.InRange(calls, renewals, ideal + 1);
        Assert.Equal(1, ledger.RefreshTokensMinted);
    }
}
