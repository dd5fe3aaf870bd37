using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.IntegrationTests.Wire;

/// <summary>What a click handler or an old ASP.NET request does: it blocks the one thread that continuations would need.</summary>
[Trait("Failure", "19")]
public sealed class SynchronizationContextTests
{
    [Theory]
    [InlineData("VK Cloud")]
    [InlineData("VK Cloud, refresh refused")]
    [InlineData("VK Cloud, broken first")]
    [InlineData("Azure Speech")]
    [InlineData("Azure Speech, second key")]
    public async Task Result_on_a_single_threaded_context_does_not_deadlock(string how)
    {
        await using var origin = new RawOrigin();
        origin.Answer = request =>
            how switch
            {
                "VK Cloud, refresh refused" when Has(request, "refresh-0") => RawOrigin.Reply(400),
                "VK Cloud, broken first" when origin.Received.Count == 1 => RawOrigin.Reply(503),
                "Azure Speech, second key" when Has(request, "the-subscription-key") => RawOrigin.Reply(401),
                _ when how.StartsWith("VK", StringComparison.Ordinal) => RawOrigin.Json(
                    200,
                    """{"access_token":"a","refresh_token":"r","expired_in":"3600"}"""
                ),
                _ => RawOrigin.Reply(200, "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln"),
            };
        using var provider = Provider(how, origin);

        var token = OnSingleThreadedContext(() => ((ITokenProvider)provider).GetTokenAsync().AsTask().Result);

        Assert.NotNull(token);
    }

    private static bool Has(RawRequest request, string text) =>
        request.ToString().Contains(text, StringComparison.Ordinal);

    private static IDisposable Provider(string how, RawOrigin origin)
    {
        if (how.StartsWith("VK", StringComparison.Ordinal))
            return new VkCloudTokenProvider(
                Options.Vk(origin, how.Contains("refresh", StringComparison.Ordinal) ? "refresh-0" : null)
            );

        var options = Options.Azure(origin);
        options.SecondaryKey = "another-key";

        return new AzureSpeechTokenProvider(options);
    }

    private static T OnSingleThreadedContext<T>(Func<T> run)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new NeverRuns());
            try
            {
                result = run();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();

        Assert.True(thread.Join(Until.Patience), "Deadlock.");
        Assert.Null(failure);
        return result!;
    }

    /// <summary>Its one thread is blocked, so what is posted to it waits for ever.</summary>
    private sealed class NeverRuns : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) { }

        public override void Send(SendOrPostCallback d, object? state) =>
            throw new InvalidOperationException("Nothing is to be sent to the caller's context.");
    }
}
