using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>The page listens as long as it says so, and no longer.</summary>
public sealed class MicrophoneTests(NodeFixture node, ChromiumFixture chromium) : IAsyncLifetime
{
    private const string Off = "good: The microphone is off.";

    // What the browser has opened.
    private const string Watch = """
        (() => {
          globalThis.tracks = [];
          globalThis.sockets = [];
          const devices = navigator.mediaDevices;
          const open = devices.getUserMedia.bind(devices);
          devices.getUserMedia = async (wanted) => {
            if (globalThis.isDenied) throw new DOMException("Permission denied", "NotAllowedError");
            const stream = await open(wanted);
            tracks.push(...stream.getTracks());
            return stream;
          };
          globalThis.WebSocket = class extends WebSocket {
            constructor(...args) {
              super(...args);
              sockets.push(this);
            }
          };
        })()
        """;
    private const string NothingIsOpen =
        "tracks.every(track => track.readyState === 'ended') && sockets.every(socket => socket.readyState > 1)";

    private SpeechPageHost _host = null!;
    private SpeechPageVisit _visit = null!;

    private TokenServiceEndpointTally Stt => _host.Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureStt];

    public async ValueTask InitializeAsync()
    {
        var packages = await node.GetAsync();
        var context = await chromium.NewContextAsync();
        _host = await SpeechPageHost.StartAsync(packages);
        _visit = await SpeechPageVisit.OpenAsync(_host, context);
        await _visit.Page.EvaluateExpressionAsync(Watch);
        await _visit.SignInAsync();
    }

    [Fact]
    public async Task Stopped_it_is_off()
    {
        await ListenAsync();

        Assert.Equal(Off, await _visit.PressAsync("#microphone"));

        await _visit.WaitForAsync(NothingIsOpen);
        Assert.Equal("Start the microphone", await _visit.TextAsync("#microphone"));
        Assert.Contains("Emulated speech", await _visit.TextAsync("#heard"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_turns_it_off_and_nothing_of_the_user_stays()
    {
        await _visit.SpeakAsync("Hello.");
        await ListenAsync();

        await _visit.SignOutAsync();
        await _visit.WaitForAsync(NothingIsOpen);

        var sent = Stt.BytesReceived;
        Assert.StartsWith("good: Signed out.", await _visit.StatusAsync(), StringComparison.Ordinal);
        await _visit.SignInAsync();
        Assert.Equal("", await _visit.TextAsync("#heard"));
        Assert.Equal("–", await _visit.TextAsync("#fingerprint"));
        Assert.Equal(
            "true",
            await _visit.Page.EvaluateExpressionAsync<string>(
                "document.getElementById('recognize-spoken').getAttribute('aria-disabled')"
            )
        );
        Assert.Equal(sent, Stt.BytesReceived);
    }

    [Fact]
    public async Task A_permission_that_is_denied_is_said_and_opens_nothing()
    {
        await _visit.Page.EvaluateExpressionAsync("globalThis.isDenied = true");

        Assert.Equal(
            "error: The browser was not allowed to use the microphone. Allow it beside the page’s address, and try again.",
            await _visit.PressAsync("#microphone")
        );

        Assert.Equal((0, 0), (Stt.Calls, _host.Emulator.Ledger.AccessTokensMinted));
        Assert.True(await _visit.Page.EvaluateExpressionAsync<bool>(NothingIsOpen));
    }

    [Fact]
    public async Task It_stops_also_while_the_connection_is_made_again()
    {
        await ListenAsync();
        _host.Emulator.Faults.Always(TokenServiceEndpoint.AzureToken, TokenServiceFault.Silence());
        await _visit.SkipAsync(TimeSpan.FromHours(1));
        await _visit.WaitForAsync("sockets.length > 1 && sockets.every(socket => socket.readyState > 1)");

        Assert.Equal(Off, await _visit.PressAsync("#microphone"));

        _host.Emulator.Faults.Clear();
        Assert.True(await _visit.Page.EvaluateExpressionAsync<bool>(NothingIsOpen));
    }

    [Fact]
    public async Task The_last_sentence_is_heard_also_after_a_connection_that_the_SDK_made_again()
    {
        _host.Emulator.Faults.Next(TokenServiceEndpoint.AzureStt, TokenServiceFault.DropConnectionAfter(2));
        await _visit.PressAsync("#microphone");
        await Wire.Until.HoldsAsync(() => Stt is { Calls: > 1, BytesReceived: > 100_000 });

        Assert.Equal(Off, await _visit.PressAsync("#microphone"));

        Assert.Contains("Emulated speech", await _visit.TextAsync("#heard"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_gets_no_answer_is_closed()
    {
        await _visit.Page.EvaluateExpressionAsync(
            "(() => { const wait = setTimeout; globalThis.setTimeout = (run, time, ...more) => wait(run, time === 20_000 ? 500 : time, ...more); })()"
        );
        _host.Emulator.Faults.Always(TokenServiceEndpoint.AzureTts, TokenServiceFault.SilenceAfter(0));

        Assert.Equal("error: The speech service did not answer in time.", await _visit.SpeakAsync("Hello."));

        Assert.Equal(3, await _visit.Page.EvaluateExpressionAsync<int>("sockets.length"));
        await _visit.WaitForAsync(NothingIsOpen);
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

    private async Task ListenAsync()
    {
        var (calls, sent) = (Stt.Calls, Stt.BytesReceived);
        Assert.Equal("good: The microphone is on. Speak, and pause.", await _visit.PressAsync("#microphone"));
        await Wire.Until.HoldsAsync(() => Stt.Calls > calls && Stt.BytesReceived > sent + 60_000);
    }
}
