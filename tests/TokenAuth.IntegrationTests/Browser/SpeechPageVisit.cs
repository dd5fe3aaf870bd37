using System.Globalization;
using PuppeteerSharp;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>A person at the page: sees its words, presses its buttons.</summary>
internal sealed class SpeechPageVisit : IAsyncDisposable
{
    // Both clocks of the page, moved by skip().
    private const string MovableClock = """
        (() => {
          let skipped = 0;
          for (const clock of [Date, performance]) {
            const now = clock.now.bind(clock);
            clock.now = () => now() + skipped;
          }
          globalThis.skip = (milliseconds) => { skipped += milliseconds; };
        })()
        """;

    private static readonly WaitForFunctionOptions s_patience = new() { Timeout = 30_000 };

    private readonly SpeechPageHost _host;
    private readonly IBrowserContext _context;

    private SpeechPageVisit(SpeechPageHost host, IBrowserContext context, IPage page)
    {
        (_host, _context, Page) = (host, context, page);
        page.PageError += (_, error) => Errors.Add(error.Message);
    }

    public IPage Page { get; }

    /// <summary>What the page's script threw and did not catch.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<SpeechPageVisit> OpenAsync(SpeechPageHost host, IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.EvaluateExpressionOnNewDocumentAsync(MovableClock);
        await page.SetViewportAsync(new() { Width = 1200, Height = 900 });
        var visit = new SpeechPageVisit(host, context, page);
        await page.GoToAsync(host.Address.AbsoluteUri);
        await page.WaitForSelectorAsync("[data-ready]");
        return visit;
    }

    public async Task SignInAsync()
    {
        await Page.TypeAsync("#name", "Ada");
        await Page.ClickAsync("#sign-in button");
        await Page.WaitForSelectorAsync("#room:not([hidden])");
    }

    /// <summary>Signs out and waits until the server has confirmed it, which the page says after it has shown the door.</summary>
    public async Task SignOutAsync()
    {
        await Page.ClickAsync("#sign-out button");
        await WaitForAsync(
            "!document.getElementById('door').hidden && document.getElementById('status').textContent.startsWith('Signed out')"
        );
    }

    /// <summary>Says a text and returns the page's last word.</summary>
    public async Task<string> SpeakAsync(string text)
    {
        await Page.EvaluateFunctionAsync("text => { document.getElementById('text').value = text; }", text);
        return await PressAsync("#speak button");
    }

    public Task<string> RecognizeSpokenAsync() => PressAsync("#recognize-spoken");

    /// <summary>Presses a button and returns what the page says when it has done what it does.</summary>
    public async Task<string> PressAsync(string button)
    {
        await Page.ClickAsync(button);
        await Page.WaitForFunctionAsync(
            "button => document.getElementById('status').dataset.kind !== 'busy' && document.querySelector(button)?.getAttribute('aria-disabled') !== 'true'",
            s_patience,
            button
        );
        return await StatusAsync();
    }

    /// <summary>What the page says when it is busy no longer.</summary>
    public async Task<string> StatusAfterWorkAsync()
    {
        await WaitForAsync("document.getElementById('status').dataset.kind !== 'busy'");
        return await StatusAsync();
    }

    /// <summary>As "good: Said it.".</summary>
    public async Task<string> StatusAsync() =>
        await Page.EvaluateExpressionAsync<string>(
            "document.getElementById('status').dataset.kind + ': ' + document.getElementById('status').textContent"
        );

    public async Task<string> TextAsync(string selector) =>
        await Page.EvaluateFunctionAsync<string>("s => document.querySelector(s).textContent", selector);

    public async Task WaitForAsync(string condition) => await Page.WaitForExpressionAsync(condition, s_patience);

    /// <summary>Time passes for the page, the server and Azure.</summary>
    public async Task SkipAsync(TimeSpan time)
    {
        _host.Clock.Advance(time);
        await Page.EvaluateExpressionAsync(
            string.Create(CultureInfo.InvariantCulture, $"skip({time.TotalMilliseconds})")
        );
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
