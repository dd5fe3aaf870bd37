using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PuppeteerSharp;
using TokenAuth.IntegrationTests.Package;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>The page of docs/browser.md, pasted without an edit, takes a token to Azure.</summary>
public sealed class PastedPageTests(NodeFixture node, ChromiumFixture chromium)
{
    private const string Bundle =
        "microsoft-cognitiveservices-speech-sdk/distrib/browser/microsoft.cognitiveservices.speech.sdk.bundle-min.js";

    // Azure is not there; the test looks where the page goes.
    private const string Sockets = """
        globalThis.sockets = [];
        globalThis.WebSocket = class extends EventTarget {
          constructor(address) { super(); sockets.push(String(address)); }
          send() {}
          close() {}
        };
        """;

    [Fact]
    public async Task It_takes_a_token_to_the_resources_region()
    {
        var bundle = Path.Combine((await node.GetAsync()).Folder, Bundle);
        await using var context = await chromium.NewContextAsync();
        await using var emulator = await TokenServiceEmulator.StartAsync(
            cancellationToken: TestContext.Current.CancellationToken
        );
        await using var app = await StartAsync(emulator);
        var page = await context.NewPageAsync();
        await page.EvaluateExpressionOnNewDocumentAsync(Sockets);
        await page.SetRequestInterceptionAsync(true);
        page.Request += (_, e) => _ = AnswerAsync(e.Request, bundle);

        await page.GoToAsync(app.Urls.Single());
        await page.ClickAsync("#listen");
        await page.WaitForExpressionAsync("sockets.length > 0");

        var socket = await page.EvaluateExpressionAsync<string>("sockets[0]");
        Assert.StartsWith("wss://westeurope.stt.speech.microsoft.com/", socket, StringComparison.Ordinal);
        Assert.Contains("Authorization=Bearer%20", socket, StringComparison.Ordinal);
        Assert.Equal(1, emulator.Ledger.AccessTokensMinted);
    }

    // The vendor's bundle comes from the npm package.
    private static async Task AnswerAsync(IRequest request, string bundle)
    {
        if (request.Url == "https://aka.ms/csspeech/jsbrowserpackageraw")
            await request.RespondAsync(
                new ResponseData
                {
                    Status = HttpStatusCode.OK,
                    ContentType = "text/javascript",
                    BodyData = await File.ReadAllBytesAsync(bundle),
                }
            );
        else
            await request.ContinueAsync();
    }

    private static async Task<WebApplication> StartAsync(TokenServiceEmulator emulator)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseSetting(WebHostDefaults.StaticWebAssetsKey, SpeechPageHost.Manifest());
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddAuthentication("Cookies").AddCookie();
        builder.Services.AddAuthorization();
        builder
            .Services.AddTokenAuth()
            .AddAzureSpeech(
                "speech",
                o =>
                {
                    o.Region = "westeurope";
                    o.TokenEndpoint = emulator.AzureTokenEndpoint;
                    o.SubscriptionKey = emulator.AzureSpeech.PrimaryKey;
                }
            );
        var app = builder.Build();
        app.UseStaticFiles();
        app.MapGet("/", () => Results.Content(BrowserPage.Html, "text/html"));
        app.MapSpeechToken("/speech-token", "speech").RequireAuthorization();
        app.MapPost(
            "/sign-in",
            () =>
                Results.SignIn(
                    new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "me")], "Cookies")),
                    authenticationScheme: "Cookies"
                )
        );
        await app.StartAsync(TestContext.Current.CancellationToken);

        return app;
    }
}
