using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tests.Lifetime;

namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "22")]
public sealed class RejectEverythingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_requests_a_second_refused_for_ten_minutes_cause_twenty_renewals_at_most()
    {
        var clock = new ManualTimeProvider();
        var source = new ScriptedSource(clock);
        using var provider = new CachedTokenProvider(source, timeProvider: clock);
        var primary = new StubPrimaryHandler(_ =>
            new(HttpStatusCode.Unauthorized) { Content = new StringContent("refused") }
        );
        using var client = new HttpMessageInvoker(new BearerTokenHandler(provider) { InnerHandler = primary });

        for (var i = 0; i < 100 * 60 * 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/");
            using var response = await client.SendAsync(request, Cancellation);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(source.Calls - 1, 1, 20);
        Assert.Equal((100 * 60 * 10) + source.Calls - 1, primary.Received.Count);

        using var last = await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);
        Assert.Equal("refused", await last.Content.ReadAsStringAsync(Cancellation));
    }
}
