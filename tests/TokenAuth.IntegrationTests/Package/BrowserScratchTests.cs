using System.Globalization;

namespace TokenAuth.IntegrationTests.Package;

/// <summary>A new ASP.NET Core project with the package and the lines of docs/browser.md, against the emulator.</summary>
[Collection(PackedOnce.Name)]
public sealed class BrowserScratchTests(Packages packages) : IDisposable
{
    private static readonly string[] _lines =
    [
        """builder.Services.AddAuthentication("Cookies").AddCookie();""",
        """builder.Services.AddAuthorization();""",
        """builder.Services.AddTokenAuth().AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("westeurope", builder.Configuration["SpeechKey"]!));""",
        """app.UseStaticFiles();""",
        """app.MapSpeechToken("/speech-token", "speech").RequireAuthorization();""",
    ];

    private readonly ScratchProjects _projects = new(packages);

    public void Dispose() => _projects.Dispose();

    [Fact]
    public async Task The_page_about_browsers_shows_these_lines()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Sdk.Repository, "docs", "browser.md"),
            TestContext.Current.CancellationToken
        );

        Assert.All(_lines, line => Assert.Contains(line, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task They_hand_out_tokens_and_the_script_and_do_not_start_unprotected()
    {
        await _projects.WriteAsync(
            "Page",
            "Microsoft.NET.Sdk.Web",
            "<TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>",
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                using System.Security.Claims;
                using Microsoft.AspNetCore.Authentication;
                using TokenAuth;
                using TokenAuth.Testing;

                await using var emulator = await TokenServiceEmulator.StartAsync();

                await using var app = Build(isProtected: true);
                await app.StartAsync();
                using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
                Console.WriteLine($"not signed in: {(int)(await http.PostAsync("/speech-token", null)).StatusCode}");
                await http.PostAsync("/sign-in", null);
                var token = await http.PostAsync("/speech-token", null);
                Console.WriteLine($"signed in: {(int)token.StatusCode} {(await token.Content.ReadAsStringAsync()).Contains("\"region\":\"westeurope\"")}");
                var script = await http.GetAsync("/_content/TokenAuth.AspNetCore/speech-token.js");
                Console.WriteLine($"script: {(int)script.StatusCode} {script.Content.Headers.ContentType} {(await script.Content.ReadAsStringAsync()).Contains("export function createSpeechTokens")}");

                await using var unprotected = Build(isProtected: false);
                try
                {
                    await unprotected.StartAsync();
                }
                catch (InvalidOperationException error)
                {
                    Console.WriteLine(error.Message);
                }

                WebApplication Build(bool isProtected)
                {
                    var builder = WebApplication.CreateBuilder(args);
                    builder.Environment.EnvironmentName = "Production";
                    builder.Logging.ClearProviders();
                    builder.WebHost.UseUrls("http://127.0.0.1:0").UseStaticWebAssets(); // which publishing makes unnecessary
                    builder.Configuration["SpeechKey"] = emulator.AzureSpeech.PrimaryKey;
                    {{string.Join('\n', _lines[..3])}}
                    builder.Services.Configure<AzureSpeechOptions>("speech", o => o.TokenEndpoint = emulator.AzureTokenEndpoint);
                    var app = builder.Build();
                    {{_lines[3]}}
                    app.MapPost("/sign-in", context => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ann")], "Cookies"))));
                    if (isProtected)
                        {{_lines[4]}}
                    else
                        {{_lines[4].Replace(".RequireAuthorization()", "", StringComparison.Ordinal)}}
                    return app;
                }
                """
            ),
            ["TokenAuth.AspNetCore", "TokenAuth.Testing"]
        );

        Assert.Equal(
            """
            not signed in: 401
            signed in: 200 True
            script: 200 text/javascript True
            MapSpeechToken("/speech-token", "speech") would hand Azure Speech tokens to anybody: its endpoint has no authorization, and there is no fallback policy. Write one of these lines:
                app.MapSpeechToken("/speech-token", "speech").RequireAuthorization();   // for signed-in callers
                app.MapSpeechToken("/speech-token", "speech").AllowAnonymous();         // for anybody, where something in front decides who may call
            """,
            await _projects.RunAsync("Page")
        );
    }
}
