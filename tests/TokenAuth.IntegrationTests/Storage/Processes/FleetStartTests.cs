using System.Diagnostics;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Many processes take their first token at one moment over an empty store: fifty in the full run, each a process.</summary>
public sealed class FleetStartTests(PostgresFixture postgres, RedisFixture redis)
{
    [Theory, Trait("Failure", "85")]
    [InlineData("file")]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task All_take_the_token_that_one_of_them_was_given(string kind)
    {
        await using var emulator = await FleetVendor.StartAsync(
            VkCloudRefreshTokenRule.SingleUse,
            TimeSpan.FromHours(1)
        );
        emulator.Faults.Always(TokenServiceEndpoint.VkToken, TokenServiceFault.Delay(TimeSpan.FromMilliseconds(300)));
        using var store = await StoreUnderTest.CreateAsync(kind, postgres, redis);
        var processes = Enumerable
            .Range(0, TestRun.ProcessesThatStart)
            .Select(_ => store.StartWorker($"{emulator.VkTokenEndpoint}", "start"))
            .ToList();
        foreach (var process in processes)
            await process.ReadUntilAsync("ready");

        var waited = Stopwatch.StartNew();
        processes.ForEach(process => process.Go());
        var tokens = await Task.WhenAll(processes.Select(process => process.ReadToEndAsync())); // fails if one fails

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: {processes.Count} starts in {waited.Elapsed.TotalSeconds:0.0} s, {emulator.Ledger.TokenCalls} token calls"
        );
        Assert.Single(tokens.Distinct(StringComparer.Ordinal));
        Assert.Equal(1, emulator.Ledger.TokenCalls);
        Assert.Equal(1, emulator.Ledger.RefreshTokensMinted);
    }
}
