using System.Globalization;
using System.Net;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>An hour of work with the page, and all that can happen to a token meanwhile.</summary>
public sealed class SpeakingHourTests(NodeFixture node, ChromiumFixture chromium)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(2.5);
    private static readonly TimeSpan s_outage = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_sleep = TimeSpan.FromMinutes(15);

    private TimeSpan _passed;
    private int _turns;

    [Fact]
    public async Task Twenty_sentences_an_hour_fail_no_turn_that_a_token_could_have_saved()
    {
        var packages = await node.GetAsync();
        var context = await chromium.NewContextAsync();
        await using var host = await SpeechPageHost.StartAsync(packages);
        await using var visit = await SpeechPageVisit.OpenAsync(host, context);
        await visit.SignInAsync();

        for (var sentence = 1; sentence <= 20; sentence++)
        {
            if (sentence == 6)
                Assert.Equal(1, host.Emulator.RevokeAccessTokens());
            if (sentence == 12)
                await LiveThroughAnOutageAsync(host, visit);

            await TurnAsync(visit, $"This is sentence {sentence}.");
            await SkipAsync(visit, sentence == 16 ? s_sleep : s_step);
        }

        var (ledger, stt) = (host.Emulator.Ledger, host.Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureStt]);
        Assert.True(_passed >= TimeSpan.FromHours(1), _passed.ToString("c", CultureInfo.InvariantCulture));
        Assert.Equal("1", await visit.TextAsync("#healed"));
        Assert.InRange(ledger.AccessTokensMinted, 6, 14);
        Assert.True(ledger.OldestTokenAge < TimeSpan.FromMinutes(10), "A token was presented after its end.");
        Assert.Equal(_turns, stt.Calls - stt.Rejected);
        Assert.Empty(visit.Errors);
    }

    private async Task LiveThroughAnOutageAsync(SpeechPageHost host, SpeechPageVisit visit)
    {
        // The token at hand outlives the outage: otherwise nothing could save the turn.
        while (await SecondsLeftAsync(visit) < 200)
        {
            await SkipAsync(visit, TimeSpan.FromSeconds(60));
            await TurnAsync(visit, "Is there a new one?");
        }

        host.Emulator.Faults.Always(
            TokenServiceEndpoint.AzureToken,
            TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable)
        );
        await SkipAsync(visit, s_outage);
        await TurnAsync(visit, "The token endpoint is down.");
        host.Emulator.Faults.Clear();
    }

    private async Task TurnAsync(SpeechPageVisit visit, string text)
    {
        _turns++;
        Assert.StartsWith("good: Said it:", await visit.SpeakAsync(text), StringComparison.Ordinal);
        Assert.StartsWith(
            "good: Recognized: Emulated speech of",
            await visit.RecognizeSpokenAsync(),
            StringComparison.Ordinal
        );
    }

    private async Task SkipAsync(SpeechPageVisit visit, TimeSpan time)
    {
        await visit.SkipAsync(time);
        _passed += time;
    }

    private static async Task<double> SecondsLeftAsync(SpeechPageVisit visit)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken); // the page looks every second
        return await visit.Page.EvaluateExpressionAsync<double>("document.getElementById('life').value");
    }
}
