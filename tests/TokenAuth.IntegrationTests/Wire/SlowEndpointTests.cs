using System.Diagnostics;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Wire;

[Trait("Failure", "2")]
public sealed class SlowEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // The one test that lets the time pass: all three at once, by the system's clock.
    [Fact]
    public async Task Nobody_waits_longer_than_fifteen_seconds()
    {
        var elapsed = await Task.WhenAll(
            FailAsync((_, _) => Task.Delay(Timeout.Infinite, Cancel)),
            FailAsync((_, stream) => DripAsync(stream, "HTTP/1.1 200 OK\r\nX-Header: ")),
            FailAsync((_, stream) => DripAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"))
        );

        Assert.All(elapsed, time => Assert.InRange(time.TotalSeconds, 14.5, 30));
    }

    [Theory]
    [InlineData("says nothing")]
    [InlineData("drips its head")]
    [InlineData("drips its body")]
    public async Task A_grant_that_may_be_spent_is_asked_for_twice(string how)
    {
        var time = new ManualTimeProvider();
        await using var origin = new RawOrigin
        {
            Write = how switch
            {
                "says nothing" => (_, _) => Task.Delay(Timeout.Infinite, Cancel),
                "drips its head" => (_, stream) => DripAsync(stream, "HTTP/1.1 200 OK\r\nX-Header: "),
                _ => (_, stream) => DripAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
            },
        };
        using var provider = new VkCloudTokenProvider(
            Options.Vk(origin, refreshToken: "refresh-0"),
            timeProvider: time
        );
        var waiting = provider.GetTokenAsync(Cancel).AsTask();

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await Until.HoldsAsync(() => origin.Received.Count == attempt);
            Assert.False(waiting.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(5));
            if (attempt == 1)
                await Until.HoldsAsync(() =>
                {
                    if (time.NextTimer < TimeSpan.FromSeconds(2)) // the pause between the attempts, not the next one's limit
                        time.Advance(TimeSpan.FromMilliseconds(10));
                    return origin.Received.Count == 2;
                });
        }

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            waiting.WaitAsync(Until.Patience, Cancel)
        );
        Assert.True(error.IsTransient);
        Assert.Equal(2, origin.Received.Count);
        Assert.All(origin.Received, request => Assert.Contains("refresh-0", request.ToString()));
    }

    private static async Task<TimeSpan> FailAsync(Func<RawRequest, Stream, Task> write)
    {
        await using var origin = new RawOrigin { Write = write };
        using var provider = new AzureSpeechTokenProvider(Options.Azure(origin));
        var started = Stopwatch.GetTimestamp();

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await provider.GetTokenAsync(Cancel)
        );

        Assert.True(error.IsTransient);
        Assert.Equal(3, origin.Received.Count);

        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task DripAsync(Stream stream, string start)
    {
        var end = Cancel; // the context is gone when the connection ends
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(start), end);
        while (true)
        {
            await stream.WriteAsync("x"u8.ToArray(), end);
            await Task.Delay(100, end);
        }
    }
}
