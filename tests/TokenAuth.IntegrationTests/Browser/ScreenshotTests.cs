using PuppeteerSharp;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>
/// Makes the page's pictures, in a temporary folder unless it is told where:
/// <c>TOKENAUTH_SCREENSHOTS=docs/images dotnet run --project tests/TokenAuth.IntegrationTests -f net10.0 -- -class "*ScreenshotTests"</c>.
/// </summary>
public sealed class ScreenshotTests(NodeFixture node, ChromiumFixture chromium)
{
    [Theory]
    [InlineData("browser", "light", 1080)]
    [InlineData("browser-dark", "dark", 1080)]
    [InlineData("browser-narrow", "light", 390)]
    public async Task Pictures_of_the_page(string name, string scheme, int width)
    {
        var directory = Environment.GetEnvironmentVariable("TOKENAUTH_SCREENSHOTS") ?? Path.GetTempPath();
        await using var host = await SpeechPageHost.StartAsync(await node.GetAsync());
        await using var visit = await SpeechPageVisit.OpenAsync(host, await chromium.NewContextAsync());
        await visit.Page.EmulateMediaFeaturesAsync([
            new() { MediaFeature = PuppeteerSharp.MediaFeature.PrefersColorScheme, Value = scheme },
        ]);
        await visit.Page.SetViewportAsync(new() { Width = width, Height = 700 });
        await PictureAsync(visit.Page, directory, name + "-door");

        await visit.SignInAsync();
        await visit.SpeakAsync("The key stays on the server. This page has a token for ten minutes.");
        await visit.RecognizeSpokenAsync();
        await visit.PressAsync("#revoke");
        await visit.PressAsync("#recognize-sample");
        await visit.SkipAsync(TimeSpan.FromSeconds(134));
        await visit.WaitForAsync("document.getElementById('age').textContent.startsWith('2:1')");
        await visit.Page.EvaluateExpressionAsync("scrollTo(0, 0)");
        await PictureAsync(visit.Page, directory, name);

        Assert.InRange(new FileInfo(Path.Combine(directory, name + ".png")).Length, 20_000, 1_000_000);
    }

    private static Task PictureAsync(IPage page, string directory, string name) =>
        page.ScreenshotAsync(Path.Combine(directory, name + ".png"), new ScreenshotOptions { FullPage = true });
}
