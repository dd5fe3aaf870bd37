using System.Diagnostics;
using Browser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>The sample's server on a clock that runs, and can be moved.</summary>
internal sealed class SpeechPageHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _app;
    private readonly Task _running;

    private SpeechPageHost(TokenServiceEmulator emulator, ManualTimeProvider clock, WebApplication app)
    {
        (Emulator, Clock, _app) = (emulator, clock, app);
        _running = RunClockAsync(_stop.Token);
    }

    public TokenServiceEmulator Emulator { get; }

    public ManualTimeProvider Clock { get; }

    public Uri Address => new(_app.Urls.Single());

    /// <param name="packages">None where no browser opens the page.</param>
    public static async Task<SpeechPageHost> StartAsync(NodePackages? packages)
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow); // the browser judges the cookie by its own
        var emulator = await TokenServiceEmulator.StartAsync(
            new() { TimeProvider = clock },
            TestContext.Current.CancellationToken
        );
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseSetting(WebHostDefaults.StaticWebAssetsKey, Manifest());
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSingleton<TimeProvider>(clock);
        SpeechPage.AddServices(builder, emulator);
        var app = builder.Build();
        SpeechPage.Map(app, emulator);
        if (packages is not null)
            SpeechPage.MapSpeechSdk(app, emulator, packages);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(emulator, clock, app);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _app.DisposeAsync();
        await Emulator.DisposeAsync();
        _stop.Dispose();
    }

    // The build of the tests has built the sample; its manifest says where its files and those of the package are.
    internal static string Manifest()
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory); // tests/…/bin/<configuration>/<framework>
        var root = tests.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(
            root,
            "samples/Browser/bin",
            tests.Parent.Name,
            tests.Name,
            "Browser.staticwebassets.runtime.json"
        );
    }

    private async Task RunClockAsync(CancellationToken stop)
    {
        var last = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(10, CancellationToken.None);
            var now = Stopwatch.GetTimestamp();
            Clock.Advance(Stopwatch.GetElapsedTime(last, now));
            last = now;
        }
    }
}
