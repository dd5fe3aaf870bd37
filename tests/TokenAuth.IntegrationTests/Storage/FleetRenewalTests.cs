using System.Globalization;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Real processes, a real store, the real engine, the emulated vendor.</summary>
public sealed class FleetRenewalTests(PostgresFixture postgres)
{
    [Theory, Trait("Failure", "38")]
    [InlineData("file")]
    [InlineData("postgres")]
    public async Task Eight_processes_renew_twelve_times_with_one_call_each(string kind)
    {
        const int processes = 8;
        const int renewals = 12;
        await using var emulator = await FleetVendor.StartAsync(
            VkCloudRefreshTokenRule.Echoed,
            TimeSpan.FromSeconds(3)
        );
        await using var store = await StoreUnderTest.CreateAsync(kind, postgres);
        var fleet = Enumerable
            .Range(0, processes)
            .Select(_ => store.StartWorker($"{emulator.VkTokenEndpoint}", "renew", $"{renewals}"))
            .ToList();

        var failures = 0;
        foreach (var process in fleet)
        {
            var output = await process.ReadToEndAsync();
            failures += int.Parse(output.Split('\n')[1].Split(' ')[1], CultureInfo.InvariantCulture);
            process.Dispose();
        }

        var ledger = emulator.Ledger;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: {ledger.TokenCalls} token calls (ideal {renewals + 1}), {ledger.RefreshTokensMinted} refresh tokens, {failures} failed"
        );
        Assert.Equal(0, failures);
        Assert.InRange(ledger.TokenCalls, renewals + 1, renewals + 2);
        Assert.Equal(1, ledger.RefreshTokensMinted);
    }
}
