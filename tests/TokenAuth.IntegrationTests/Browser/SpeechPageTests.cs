using System.Net;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>The sample's page and the real Speech SDK in a real browser.</summary>
public sealed class SpeechPageTests(NodeFixture node, ChromiumFixture chromium) : IAsyncLifetime
{
    private static readonly TimeSpan s_wholeLife = TimeSpan.FromMinutes(10);

    private SpeechPageHost _host = null!;
    private SpeechPageVisit _visit = null!;

    private TokenServiceEndpointTally Stt => _host.Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureStt];

    public async ValueTask InitializeAsync()
    {
        var packages = await node.GetAsync();
        var context = await chromium.NewContextAsync();
        _host = await SpeechPageHost.StartAsync(packages);
        _visit = await SpeechPageVisit.OpenAsync(_host, context);
        await _visit.SignInAsync();
    }

    [Fact]
    public async Task It_speaks_and_understands_what_it_said()
    {
        var said = await _visit.SpeakAsync("Hello, world!");
        var heard = await _visit.RecognizeSpokenAsync();
        var sample = await _visit.PressAsync("#recognize-sample");

        Assert.Equal("good: Said it: 37 KB of audio.", said);
        Assert.Equal("good: Recognized: Emulated speech of 37484 bytes.", heard);
        Assert.Equal("good: Recognized: Emulated speech of 83918 bytes.", sample);
        Assert.Equal(
            2,
            await _visit.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('#heard li').length")
        );
        Assert.Equal("Azure, through the server", await _visit.TextAsync("#origin"));
        Assert.Equal("1 token issued, 0 requests refused", await _visit.TextAsync("#vendor"));
    }

    [Fact]
    public async Task A_turn_after_the_end_of_a_token_has_a_new_one()
    {
        await _visit.SpeakAsync("Hello.");
        await _visit.SkipAsync(s_wholeLife);

        Assert.StartsWith("good:", await _visit.RecognizeSpokenAsync(), StringComparison.Ordinal);

        Assert.Equal("1", await _visit.TextAsync("#renewals"));
        Assert.Equal("2 tokens issued, 0 requests refused", await _visit.TextAsync("#vendor"));
    }

    [Fact]
    public async Task A_revoked_token_costs_no_turn()
    {
        await _visit.SpeakAsync("Hello.");
        Assert.Equal("good: Revoked. Say something: the page heals by itself.", await _visit.PressAsync("#revoke"));

        Assert.StartsWith("good:", await _visit.RecognizeSpokenAsync(), StringComparison.Ordinal);
        Assert.StartsWith("good:", await _visit.SpeakAsync("Hello again."), StringComparison.Ordinal);

        Assert.Equal("1", await _visit.TextAsync("#healed"));
        Assert.Equal(2, _host.Emulator.Ledger.AccessTokensMinted);
    }

    [Fact]
    public async Task A_refusal_counts_as_healed_when_a_new_token_was_taken_and_not_before()
    {
        await _visit.SpeakAsync("Hello.");
        await _visit.PressAsync("#revoke");
        _host.Emulator.Faults.Always(
            TokenServiceEndpoint.AzureToken,
            TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable)
        );

        Assert.Equal("error: No token can be had now; try again in a moment.", await _visit.SpeakAsync("Hello again."));

        Assert.Equal("0", await _visit.TextAsync("#healed"));
    }

    [Theory]
    [InlineData("   ", "error: Write a name of at least one letter.")]
    [InlineData(" Bob ", "good: Signed in.")]
    public async Task A_name_has_a_letter(string name, string status)
    {
        await _visit.SignOutAsync();

        await _visit.Page.TypeAsync("#name", name);
        await _visit.Page.Keyboard.PressAsync("Enter");
        await _visit.WaitForAsync("!document.getElementById('status').textContent.startsWith('Signed out')");

        Assert.Equal(status, await _visit.StatusAsync());
    }

    [Fact]
    public async Task A_lost_connection_costs_neither_the_turn_nor_the_token()
    {
        _host.Emulator.Faults.Next(TokenServiceEndpoint.AzureTts, TokenServiceFault.DropConnectionAfter(2));

        Assert.StartsWith("good:", await _visit.SpeakAsync("Hello."), StringComparison.Ordinal);

        Assert.Equal("0", await _visit.TextAsync("#healed"));
        Assert.Equal(1, _host.Emulator.Ledger.AccessTokensMinted);
    }

    [Fact]
    public async Task Signing_out_ends_what_the_page_can_do()
    {
        await _visit.SpeakAsync("Hello.");

        await _visit.SignOutAsync();

        Assert.StartsWith("good: Signed out.", await _visit.StatusAsync(), StringComparison.Ordinal);
        Assert.Equal(
            401,
            await _visit.Page.EvaluateExpressionAsync<int>(
                "fetch('/speech-token', { method: 'POST', headers: { 'X-Requested-With': 'XMLHttpRequest' } }).then(r => r.status)"
            )
        );
    }

    [Fact]
    public async Task A_sign_in_that_has_ended_leads_to_the_door()
    {
        await _visit.SpeakAsync("Hello.");
        await _visit.Page.DeleteCookieAsync(await _visit.Page.GetCookiesAsync());
        await _visit.SkipAsync(s_wholeLife);

        Assert.Equal("error: You are not signed in any more.", await _visit.SpeakAsync("Hello again."));

        Assert.True(await _visit.Page.EvaluateExpressionAsync<bool>("!document.getElementById('door').hidden"));
    }

    [Fact]
    public async Task A_token_endpoint_that_is_down_is_noticed_only_when_the_token_has_ended()
    {
        await _visit.SpeakAsync("Hello.");
        _host.Emulator.Faults.Always(
            TokenServiceEndpoint.AzureToken,
            TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable)
        );

        await _visit.SkipAsync(TimeSpan.FromMinutes(9));
        Assert.StartsWith("good:", await _visit.SpeakAsync("The token lives."), StringComparison.Ordinal);
        await _visit.SkipAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(
            "error: No token can be had now; try again in a moment.",
            await _visit.SpeakAsync("The token has ended.")
        );

        _host.Emulator.Faults.Clear();
        await _visit.SkipAsync(TimeSpan.FromMinutes(1));
        Assert.StartsWith("good:", await _visit.SpeakAsync("The endpoint is back."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_microphone_goes_on_after_the_tab_was_hidden_for_an_hour()
    {
        Assert.StartsWith(
            "good: The microphone is on.",
            await _visit.PressAsync("#microphone"),
            StringComparison.Ordinal
        );
        var front = await _visit.Page.BrowserContext.NewPageAsync();
        await front.BringToFrontAsync();
        await _visit.WaitForAsync("document.hidden");
        await _visit.SkipAsync(TimeSpan.FromHours(1));

        await _visit.Page.BringToFrontAsync();
        await _visit.WaitForAsync("document.getElementById('renewals').textContent === '1'");
        await _visit.WaitForAsync("document.getElementById('left').textContent.startsWith('9:')");
        // It was connected anew, and has sent seconds of what it hears.
        await Wire.Until.HoldsAsync(() => Stt.Calls > 1);
        var sent = Stt.BytesReceived;
        await Wire.Until.HoldsAsync(() => Stt.BytesReceived > sent + 80_000);
        await _visit.Page.ClickAsync("#microphone");
        await _visit.WaitForAsync("document.getElementById('status').textContent === 'The microphone is off.'");

        Assert.Contains("Emulated speech", await _visit.TextAsync("#heard"), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_visit is not null)
        {
            Assert.Empty(_visit.Errors);
            await _visit.DisposeAsync();
        }

        if (_host is not null)
            await _host.DisposeAsync();
    }
}
