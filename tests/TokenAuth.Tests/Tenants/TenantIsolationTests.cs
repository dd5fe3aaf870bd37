using System.Collections.Concurrent;
using System.Globalization;

namespace TokenAuth.Tests.Tenants;

/// <summary>Many tenants at once, whose tokens are revoked, who leave and are forgotten, and some of whose endpoints fail. The full run, of <c>TOKENAUTH_TEST_FULL=1</c>, has five times as many requests.</summary>
public sealed class TenantIsolationTests
{
    private const int TenantCount = 1_000;
    private const int Callers = 50;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 12_000, true)]
    [InlineData(2, 10_000, false)]
    public async Task No_request_carries_anothers_credential_and_none_fails_for_another(
        int seed,
        int requests,
        bool isStored
    )
    {
        requests = TestRun.Repeated(TestRun.IsFull ? 5 * requests : requests);
        await using var scene = new TenantScene(
            o => o.Capacity = TenantCount / 3,
            time: TimeProvider.System,
            store: isStored ? TenantScene.Store() : null
        );
        foreach (var tenant in Enumerable.Range(0, TenantCount).Where(n => n % 10 == 0))
            scene.Failing[Name(tenant)] = 0;
        var failures = new ConcurrentQueue<string>();
        using var over = new CancellationTokenSource();
        var disturbing = DisturbAsync(scene, seed, over.Token);

        await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(caller => Task.Run(() => CallAsync(scene, seed + caller, requests / Callers, failures), Cancel))
        );
        await over.CancelAsync();
        await disturbing;

        Assert.Empty(scene.Crossed);
        Assert.Empty(failures);
        Assert.True(scene.Received.Count > requests * 8 / 10);
        Assert.InRange(scene.Tenants.Count, 1, TenantCount / 3 + (TenantCount / 10));
    }

    private static async Task CallAsync(TenantScene scene, int seed, int count, ConcurrentQueue<string> failures)
    {
#pragma warning disable CA5394 // chosen for being repeatable
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            // Some tenants are busy, most are not.
            var number = random.Next(4) == 0 ? random.Next(20) : random.Next(TenantCount);
            var tenant = Name(number);
            try
            {
                if (await scene.ComplaintAsync(tenant, Cancel) is { } complaint)
                    failures.Enqueue(complaint);
            }
            catch (TokenAcquisitionException) when (scene.Failing.ContainsKey(tenant)) { }
            catch (Exception exception)
            {
                failures.Enqueue($"{tenant}: {exception}");
            }
        }
    }

    // One after the other, so that no tenant's token is revoked twice within one request.
    private static async Task DisturbAsync(TenantScene scene, int seed, CancellationToken over)
    {
        var random = new Random(seed);
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            if (random.Next(3) > 0)
                scene.Revoke(Name(i % TenantCount));
            else
                await scene.Tenants.ForgetAsync(
                    "speech",
                    Name(random.Next(TenantCount)),
                    removeRecord: i % 2 == 0,
                    Cancel
                );
            if (i % 5 == 0)
                await Task.Yield();
            while (scene.Received.Count < 5 * i && !over.IsCancellationRequested)
                await Task.Yield(); // at most so many refusals a tenant
        }
#pragma warning restore CA5394
    }

    private static string Name(int number) => "t" + number.ToString(CultureInfo.InvariantCulture);
}
