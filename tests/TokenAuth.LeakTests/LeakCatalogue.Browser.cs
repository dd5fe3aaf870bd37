using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.LeakTests;

internal static partial class LeakCatalogue
{
    private static readonly int[] _browserStatuses = [200, 401, 403, 503];

    // Azure repeats a secret; a browser that gets no token sees the problem's body and headers.
    private static IEnumerable<(string, Func<LeakScene, Task>)> Browser() =>
        from status in _browserStatuses
        from shape in HostileReply.Shapes
        from echo in _azureEchoes
        select (
            $"MapSpeechToken, {status}, {shape}, {echo}",
            (Func<LeakScene, Task>)(
                async scene =>
                {
                    var secret = echo == "key" ? scene.Secret("first key") : scene.Jwt("token")[..24];
                    var isFailing = false;
                    scene.Tokens.Answer = _ =>
                        isFailing ? HostileReply.Of(status, shape, secret) : RawOrigin.Reply(200, scene.Jwt("token"));
                    await using var server = await SpeechServerAsync(scene);
                    using var browser = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };

                    await AskAsync(scene, browser, "token");
                    await AskAsync(scene, browser, "refused");
                    await AskAsync(scene, browser, "throws");
                    isFailing = true;
                    scene.Time.Advance(TimeSpan.FromMinutes(10));
                    await AskAsync(scene, browser, "token");
                    await AskAsync(scene, browser, "text");
                }
            )
        );

    // The endpoint repeats the token that it handed out, and the app prints what it has.
    private static IEnumerable<(string, Func<LeakScene, Task>)> App() =>
        from status in _browserStatuses
        from shape in HostileReply.Shapes
        select (
            $"AddSpeechTokenEndpoint, {status}, {shape}",
            (Func<LeakScene, Task>)(
                async scene =>
                {
                    var isFailing = false;
                    scene.Tokens.Answer = _ =>
                        isFailing
                            ? HostileReply.Of(status, shape, scene.Jwt("token"))
                            : RawOrigin.Json(200, $$"""{"token":"{{scene.Jwt("token")}}","expiresIn":600}""");
                    var services = scene.Services();
                    services.AddHttpClient("bearer").AddBearerToken("speech");
                    services.AddHealthChecks().AddTokenAuth();
                    services.AddTokenAuth().AddSpeechTokenEndpoint("speech", o => o.Address = scene.Tokens.Address);
                    await using var app = services.BuildServiceProvider();
                    var provider = app.GetRequiredKeyedService<ITokenProvider>("speech");

                    await scene.UseAsync(provider);
                    isFailing = true;
                    scene.Time.Advance(TimeSpan.FromMinutes(10));
                    await scene.UseAsync(provider);
                    await scene.SendAsync(Client(app, "bearer"), scene.Api.Address);
                    await scene.CheckHealthAsync(app);
                }
            )
        );

    private static async Task<WebApplication> SpeechServerAsync(LeakScene scene)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<TimeProvider>(scene.Time);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(scene.Witness).AddEventSourceLogger();
        builder.Services.AddTokenAuth().AddAzureSpeech("speech", o => Copy(Azure(scene, scene.Secret), o));

        var server = builder.Build();
        server.MapSpeechToken("/token", "speech").AllowAnonymous();
        server.MapSpeechToken("/text", "speech", o => o.Shape = SpeechTokenShape.Text).AllowAnonymous();
        server.MapSpeechToken("/refused", "speech", o => o.Authorize = (_, _) => new(false)).AllowAnonymous();
        server
            .MapSpeechToken(
                "/throws",
                "speech",
                o => o.Authorize = (_, _) => throw new InvalidOperationException("own")
            )
            .AllowAnonymous();
        await server.StartAsync(TestContext.Current.CancellationToken);

        return server;
    }

    private static async Task AskAsync(LeakScene scene, HttpClient browser, string path)
    {
        var response = await scene.TryAsync(() =>
            browser.PostAsync(new Uri(path, UriKind.Relative), content: null, TestContext.Current.CancellationToken)
        );
        if (response is null || response.IsSuccessStatusCode)
            return; // the token is what a browser is to get

        scene.Witness.See("problem's headers", response.ToString());
        scene.Witness.See(
            "problem's body",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }
}
