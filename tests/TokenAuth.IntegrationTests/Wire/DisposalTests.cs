using System.Collections.Concurrent;
using System.Diagnostics;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.IntegrationTests.Wire;

[Trait("Failure", "18")]
[Collection(MeasuredAlone.Name)]
public sealed class DisposalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_during_a_flight_ends_the_waits_and_the_connection(bool asynchronously)
    {
        GC.Collect(); // what other tests have left behind is not looked at
        GC.WaitForPendingFinalizers();
        var unobserved = new ConcurrentQueue<string>();
        void Observe(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Enqueue(e.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Observe;
        try
        {
            await DisposeDuringAFlightAsync(asynchronously);

            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Delay(10, Cancel);
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Observe;
        }

        Assert.DoesNotContain(
            unobserved,
            exception => !exception.Contains(nameof(RawOrigin), StringComparison.Ordinal)
        );
    }

    private static async Task DisposeDuringAFlightAsync(bool asynchronously)
    {
        var closed = new TaskCompletionSource();
        await using var origin = new RawOrigin
        {
            Write = async (_, stream) =>
            {
                try
                {
                    Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancel));
                }
                catch (IOException)
                {
                    // A reset is an end too.
                }

                closed.SetResult();
            },
        };
        var provider = new VkCloudTokenProvider(Options.Vk(origin));
        var waiting = Enumerable.Range(0, 50).Select(_ => provider.GetTokenAsync(Cancel).AsTask()).ToArray();
        await Until.HoldsAsync(() => origin.Received.Count == 1);
        var started = Stopwatch.GetTimestamp();

        if (asynchronously)
            await provider.DisposeAsync();
        else
            provider.Dispose();

        foreach (var wait in waiting)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => wait.WaitAsync(Until.Patience, Cancel));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
        await closed.Task.WaitAsync(Until.Patience, Cancel);
        Assert.Single(origin.Received);
    }
}
