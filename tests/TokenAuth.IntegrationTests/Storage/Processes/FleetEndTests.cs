using System.Diagnostics;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Real processes with a host, asked to end by SIGTERM while they renew.</summary>
public sealed class FleetEndTests(PostgresFixture postgres, RedisFixture redis)
{
    private static CancellationToken Cancellation => TestRun.Cancellation;

    [Theory, Trait("Failure", "86")]
    [InlineData("file")]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task A_process_that_is_ended_between_the_vendors_response_and_the_write_stores_the_grant(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        await using var emulator = await FleetVendor.StartAsync(
            VkCloudRefreshTokenRule.SingleUse,
            TimeSpan.FromHours(1)
        );

        for (var end = 0; end < TestRun.Ends; )
        {
            using var store = await StoreUnderTest.CreateAsync(kind, postgres, redis);
            using var ending = store.StartWorker($"{emulator.VkTokenEndpoint}", "host", "300");
            await ending.ReadUntilAsync("writing");
            ending.Terminate();
            if ((await ending.ReadToEndAsync()).Contains("late", StringComparison.Ordinal))
                continue; // on a machine that starves the write takes longer than the two seconds that a provider waits

            var callsBefore = emulator.Ledger.TokenCalls;
            var next = await store.UseAsync(async opened =>
            {
                await using var application = emulator.CreateApplication(opened);

                return (await application.GetTokenAsync(Cancellation)).Value;
            });

            Assert.NotEmpty(next);
            Assert.Equal(callsBefore, emulator.Ledger.TokenCalls); // it was stored
            end++;
        }
    }

    [Fact, Trait("Failure", "86")]
    public async Task A_process_that_is_ended_while_the_vendor_is_asked_waits_for_no_response()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        await using var emulator = await FleetVendor.StartAsync(
            VkCloudRefreshTokenRule.SingleUse,
            TimeSpan.FromHours(1)
        );
        emulator.Faults.Always(TokenServiceEndpoint.VkToken, TokenServiceFault.Delay(TimeSpan.FromSeconds(14)));
        using var store = await StoreUnderTest.CreateAsync("file", postgres, redis);
        using var ending = store.StartWorker($"{emulator.VkTokenEndpoint}", "host", "0");
        await ending.ReadUntilAsync("asking");
        while (emulator.Ledger.TokenCalls == 0)
            await Task.Delay(10, Cancellation);

        var waited = Stopwatch.StartNew();
        ending.Terminate();
        await ending.ReadToEndAsync();

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(7));
    }
}
