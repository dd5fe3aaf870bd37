using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenAuth.Testing;
using TokenAuth.Tests;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>A web application with a Speech provider over the emulator, in Production unless said, with sign-in by header.</summary>
internal sealed class SpeechApplication : IAsyncDisposable
{
    public const string Path = "/speech-token";

    private readonly WebApplication _server;

    private SpeechApplication(TokenServiceEmulator emulator, ManualTimeProvider time, WebApplication server)
    {
        Emulator = emulator;
        Time = time;
        _server = server;
        Logs = (RecordedLogs)server.Services.GetRequiredService<ILoggerFactory>();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(server.Urls.Single()),
        };
    }

    public TokenServiceEmulator Emulator { get; }

    public ManualTimeProvider Time { get; }

    public IServiceProvider Services => _server.Services;

    public RecordedLogs Logs { get; }

    public HttpClient Client { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>With one endpoint for signed-in callers.</summary>
    public static Task<SpeechApplication> StartAsync(Action<SpeechTokenEndpointOptions>? configure = null) =>
        StartAsync(app => app.MapSpeechToken(Path, "speech", configure).RequireAuthorization());

    public static async Task<SpeechApplication> StartAsync(
        Action<WebApplication> map,
        Action<WebApplicationBuilder, TokenServiceEmulator>? configure = null,
        string environment = "Production"
    )
    {
        var time = new ManualTimeProvider { Patience = TimeSpan.FromSeconds(10) };
        var emulator = await TokenServiceEmulator.StartAsync(new() { TimeProvider = time }, Cancel);
        try
        {
            var server = Build(emulator, time, configure, environment);
            map(server);
            await server.StartAsync(Cancel);

            return new(emulator, time, server);
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path = Path, string? name = "ann")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (name is not null)
            request.Headers.Add("X-Name", name);

        return Client.SendAsync(request, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        await Emulator.DisposeAsync();
    }

    private static WebApplication Build(
        TokenServiceEmulator emulator,
        ManualTimeProvider time,
        Action<WebApplicationBuilder, TokenServiceEmulator>? configure,
        string environment
    )
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<ILoggerFactory>(new RecordedLogs());
        builder.Services.AddSingleton<TimeProvider>(time);
        builder
            .Services.AddAuthentication(NameHeaderAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, NameHeaderAuthentication>(NameHeaderAuthentication.Name, null);
        builder.Services.AddAuthorization();
        builder
            .Services.AddTokenAuth()
            .AddAzureSpeech(
                "speech",
                o =>
                {
                    o.TokenEndpoint = emulator.AzureTokenEndpoint;
                    o.SubscriptionKey = emulator.AzureSpeech.PrimaryKey;
                }
            );
        configure?.Invoke(builder, emulator);

        return builder.Build();
    }
}
