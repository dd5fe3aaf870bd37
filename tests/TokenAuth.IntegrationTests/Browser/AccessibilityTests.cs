namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>The page for people who do not see it, do not use a mouse, or have it dark or narrow.</summary>
public sealed class AccessibilityTests(NodeFixture node, ChromiumFixture chromium) : IAsyncLifetime
{
    private SpeechPageHost _host = null!;
    private SpeechPageVisit _visit = null!;

    public async ValueTask InitializeAsync()
    {
        var packages = await node.GetAsync();
        var context = await chromium.NewContextAsync();
        _host = await SpeechPageHost.StartAsync(packages);
        _visit = await SpeechPageVisit.OpenAsync(_host, context);
    }

    [Theory]
    [InlineData("light", 1200)]
    [InlineData("dark", 1200)]
    [InlineData("light", 360)]
    public async Task Axe_finds_nothing(string scheme, int width)
    {
        await _visit.Page.EmulateMediaFeaturesAsync([
            new() { MediaFeature = PuppeteerSharp.MediaFeature.PrefersColorScheme, Value = scheme },
        ]);
        await _visit.Page.SetViewportAsync(new() { Width = width, Height = 900 });
        await _visit.Page.AddScriptTagAsync(
            new PuppeteerSharp.AddTagOptions
            {
                Path = Path.Combine((await node.GetAsync()).Folder, "axe-core", "axe.min.js"),
            }
        );

        Assert.Equal("", await ViolationsAsync());
        await _visit.SignInAsync();
        Assert.Equal("", await ViolationsAsync());
        await _visit.SpeakAsync("Hello.");
        await _visit.RecognizeSpokenAsync();
        Assert.Equal("", await ViolationsAsync());
        await _visit.PressAsync("#microphone");
        Assert.Equal("", await ViolationsAsync());
        var overflow = await _visit.Page.EvaluateExpressionAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        );
        Assert.Equal(0, overflow);
    }

    [Fact]
    public async Task The_keyboard_is_enough()
    {
        var keyboard = _visit.Page.Keyboard;
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("Ada");
        await keyboard.PressAsync("Enter");
        await _visit.WaitForAsync("document.activeElement.id === 'text'");

        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");
        await _visit.WaitForAsync("document.getElementById('status').textContent.startsWith('Said it')");
        // The focus stays where it was, and the result is announced.
        Assert.Equal("Say it", await _visit.Page.EvaluateExpressionAsync<string>("document.activeElement.textContent"));
        Assert.Equal(
            "status",
            await _visit.Page.EvaluateExpressionAsync<string>("document.getElementById('status').role")
        );

        await _visit.Page.FocusAsync("#recognize-sample");
        await keyboard.PressAsync("Space");
        await _visit.WaitForAsync("document.getElementById('status').textContent.startsWith('Recognized')");
    }

    [Fact]
    public async Task Work_takes_the_focus_from_nobody()
    {
        await _visit.SignInAsync();
        await _visit.Page.FocusAsync("#say-it");
        await _visit.Page.Keyboard.PressAsync("Enter");
        await _visit.Page.FocusAsync("#text");

        await _visit.StatusAfterWorkAsync();

        Assert.Equal("text", await _visit.Page.EvaluateExpressionAsync<string>("document.activeElement.id"));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("heard")]
    public async Task What_is_announced_is_displayed_before_there_is_anything_to_say(string region)
    {
        await _visit.Page.ReloadAsync();
        await _visit.Page.WaitForSelectorAsync("[data-ready]");
        await _visit.SignInAsync();
        await _visit.Page.EvaluateFunctionAsync("id => document.getElementById(id).replaceChildren()", region);

        Assert.NotEqual(
            "none",
            await _visit.Page.EvaluateFunctionAsync<string>(
                "id => getComputedStyle(document.getElementById(id)).display",
                region
            )
        );
    }

    [Fact]
    public async Task The_microphones_button_says_its_state_once()
    {
        await _visit.SignInAsync();
        Assert.Equal("Start the microphone", await _visit.TextAsync("#microphone"));

        await _visit.PressAsync("#microphone");

        Assert.Equal("Stop the microphone", await _visit.TextAsync("#microphone"));
        Assert.False(
            await _visit.Page.EvaluateExpressionAsync<bool>(
                "document.getElementById('microphone').hasAttribute('aria-pressed')"
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_visit is not null)
            await _visit.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
    }

    private async Task<string> ViolationsAsync()
    {
        return await _visit.Page.EvaluateExpressionAsync<string>(
            "axe.run().then(({ violations }) => violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')).join('\\n'))"
        );
    }
}
