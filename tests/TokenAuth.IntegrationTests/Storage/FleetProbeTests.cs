using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>A probe in a fleet whose vendor takes each refresh token once: two applications over one real store.</summary>
public sealed class FleetProbeTests(PostgresFixture postgres, RedisFixture redis)
{
    [Theory, Trait("Failure", "38")]
    [InlineData("file")]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task A_probe_beside_a_renewal_is_one_call_that_loses_nothing_and_mints_nothing(string kind)
    {
        await using var emulator = await FleetVendor.StartAsync(
            VkCloudRefreshTokenRule.SingleUse,
            TimeSpan.FromHours(1)
        );
        using var store = await StoreUnderTest.CreateAsync(kind, postgres, redis);

        await store.UseAsync(ours =>
            store.UseAsync(async theirs =>
            {
                await using var renewing = emulator.CreateApplication(theirs);
                await using var probed = emulator.CreateApplication(ours);
                renewing.Invalidate(await renewing.GetTokenAsync(TestRun.Cancellation));
                var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
                emulator.Faults.Next(TokenServiceEndpoint.VkToken, Held(arrived, release.Task));

                var renewal = renewing.GetTokenAsync(TestRun.Cancellation).AsTask();
                await arrived.Task.WaitAsync(TestRun.Cancellation);
                var probe = probed.ProbeAsync(cancellationToken: TestRun.Cancellation);
                await Task.WhenAny(probe, Task.Delay(300, TestRun.Cancellation)); // in which it would make a call of its own
                release.SetResult();
                var (renewed, report) = (await renewal, await probe);

                Assert.True(report.Works, report.ToString());
                Assert.Empty(report.Findings);
                Assert.Equal(1, emulator.Ledger.RefreshTokenCalls);
                Assert.Equal(renewed.Value, (await probed.GetTokenAsync(TestRun.Cancellation)).Value);
                await AssertNothingIsLostAsync(renewing, probed);
                Assert.Equal((1, 1), (emulator.Ledger.ClientCredentialsCalls, emulator.Ledger.ActiveRefreshTokens));

                return true;
            })
        );
    }

    // Each of the two goes on with the refresh token that the other's renewal brought.
    private static async Task AssertNothingIsLostAsync(params VkCloudTokenProvider[] applications)
    {
        foreach (var application in applications)
        {
            var report = await application.ProbeAsync(cancellationToken: TestRun.Cancellation);

            Assert.True(report.Works, report.ToString());
            Assert.Empty(report.Findings);
        }
    }

    private static TokenServiceFault Held(TaskCompletionSource arrived, Task release) =>
        new(
            async (context, answer) =>
            {
                arrived.TrySetResult();
                await release.WaitAsync(context.RequestAborted);
                await answer(context);
            }
        );
}
