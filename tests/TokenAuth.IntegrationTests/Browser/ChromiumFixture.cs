using PuppeteerSharp;
using TokenAuth.IntegrationTests.Browsing;
using TokenAuth.IntegrationTests.Emulator;

[assembly: AssemblyFixture(typeof(ChromiumFixture))]

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>The installed Chromium, without a window, started when the first test asks for it.</summary>
public sealed class ChromiumFixture : IAsyncDisposable
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly SemaphoreSlim _gate = new(1);
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("tokenauth-chromium-");
    private IBrowser? _browser; // guarded by _gate

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A browser that has seen nothing yet; skips the test where there is none.</summary>
    public async Task<IBrowserContext> NewContextAsync()
    {
        var executable = s_names.Select(Shell.Find).FirstOrDefault(file => file is not null);
        Assert.SkipWhen(executable is null, "Chromium is not installed (Debian: apt-get install chromium).");
        await _gate.WaitAsync(Stop);
        try
        {
            _browser ??= await LaunchAsync(executable!);
        }
        finally
        {
            _gate.Release();
        }

        return await _browser.CreateBrowserContextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _profile.Delete(recursive: true);
        _gate.Dispose();
    }

    private Task<IBrowser> LaunchAsync(string executable) =>
        Puppeteer.LaunchAsync(
            new LaunchOptions
            {
                ExecutablePath = executable,
                Headless = true,
                UserDataDir = _profile.FullName,
                Args =
                [
                    "--no-sandbox", // containers run as root
                    "--disable-gpu",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--autoplay-policy=no-user-gesture-required",
                    // A microphone that beeps once a second.
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                ],
            }
        );
}
