using System.Diagnostics;
using System.Globalization;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.IntegrationTests.Wire;

[Trait("Failure", "13")]
[Collection(MeasuredAlone.Name)]
public sealed class ColdCallersTests
{
    private const int Callers = 10_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Bug", "6")]
    public async Task Ten_thousand_cold_callers_of_a_slow_endpoint_make_one_call()
    {
        await using var origin = new RawOrigin();
        origin.AnswerLater = async _ =>
        {
            await Task.Delay(200, Cancel);
            return RawOrigin.Json(200, """{"access_token":"access-1","refresh_token":"r","expired_in":"3600"}""");
        };
        using var provider = new VkCloudTokenProvider(Options.Vk(origin));
        var started = Stopwatch.GetTimestamp();

        var tokens = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(_ => Task.Run(() => provider.GetTokenAsync(Cancel).AsTask(), Cancel))
        );

        var elapsed = Stopwatch.GetElapsedTime(started);
        Assert.All(tokens, token => Assert.Equal("access-1", token.Value));
        Assert.Single(origin.Received);
        Report.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Callers:N0} cold callers over a socket, endpoint 200 ms: {origin.Received.Count} call, 0 failures, {elapsed.TotalMilliseconds:0} ms."
            )
        );
    }
}
