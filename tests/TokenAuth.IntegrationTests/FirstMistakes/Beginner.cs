using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TokenAuth.IntegrationTests.FirstMistakes;

/// <summary>Applications as the templates make them, and what they say when something is wrong.</summary>
internal static class Beginner
{
    /// <summary>Stands for every secret; no message may show it.</summary>
    public const string Secret = "s3cr3t-9f86d081884c7d65";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An application that reads its providers from the configuration does not start.</summary>
    public static Task<string> StartAsync(params (string Key, string? Value)[] settings) =>
        StartHostAsync(builder =>
        {
            foreach (var (key, value) in settings)
                builder.Configuration["TokenAuth:" + key] = value;
            builder.Services.AddTokenAuth(builder.Configuration.GetSection("TokenAuth"));
        });

    /// <summary>An application that registers in code does not start.</summary>
    public static Task<string> StartAsync(Action<TokenAuthBuilder> register) =>
        StartHostAsync(builder => register(builder.Services.AddTokenAuth()));

    public static Task<string> StartHostAsync(Action<HostApplicationBuilder> register) =>
        ErrorOfAsync(async () =>
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Logging.ClearProviders();
            register(builder);
            using var application = builder.Build();
            await application.StartAsync(Stop);
        });

    /// <summary>A web application does not start.</summary>
    public static Task<string> StartWebAsync(Action<TokenAuthBuilder>? register, Action<WebApplication> map) =>
        ErrorOfAsync(async () =>
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddAuthorization();
            register?.Invoke(builder.Services.AddTokenAuth());
            await using var application = builder.Build();
            map(application);
            await application.StartAsync(Stop);
        });

    /// <summary>A container without a host, used for the first time.</summary>
    public static Task<string> UseAsync(Action<TokenAuthBuilder> register, Func<IServiceProvider, Task> use) =>
        ErrorOfAsync(async () =>
        {
            var services = new ServiceCollection();
            register(services.AddTokenAuth());
            await using var provider = services.BuildServiceProvider();
            await use(provider);
        });

    /// <summary>The first request of a client with Voice's token.</summary>
    public static Task<string> RequestAsync(
        string address,
        Action<TokenHandlerOptions>? configure = null,
        Action<HttpRequestMessage>? write = null
    ) =>
        UseAsync(
            tokens =>
                tokens
                    .AddVkCloud("voice", IsVoice)
                    .Services.AddHttpClient("Voice")
                    .AddBearerToken("voice", configure ?? (_ => { })),
            async services =>
            {
                using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("Voice");
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address));
                write?.Invoke(request);
                using var response = await http.SendAsync(request, Stop);
            }
        );

    /// <summary>The first token of a provider.</summary>
    public static Task<string> TokenAsync(Action<TokenAuthBuilder> register, string name) =>
        UseAsync(
            register,
            services => services.GetRequiredKeyedService<ITokenProvider>(name).GetTokenAsync(Stop).AsTask()
        );

    /// <summary>What the code throws, as its message reads.</summary>
    public static async Task<string> ErrorOfAsync(Func<Task> act)
    {
        var error = await Record.ExceptionAsync(act);
        Assert.NotNull(error);

        return error.Message.ReplaceLineEndings("\n");
    }

    public static Task<string> ErrorOfAsync(Action act) =>
        ErrorOfAsync(() =>
        {
            act();
            return Task.CompletedTask;
        });

    /// <summary>The first warning of an application that starts.</summary>
    public static async Task<string> WarningAsync(Action<TokenAuthBuilder> register)
    {
        var builder = Host.CreateApplicationBuilder();
        var logs = new RecordedLogs();
        builder.Logging.ClearProviders().AddProvider(logs);
        register(builder.Services.AddTokenAuth());
        using var application = builder.Build();
        await application.StartAsync(Stop);

        return logs.Entries.First(entry => entry.Level == LogLevel.Warning).Message;
    }

    public static void IsVoice(VkCloudOptions options) =>
        (options.ClientId, options.ClientSecret) = ("mcs0000000000.voice.id", Secret);

    public static void IsSpeech(AzureSpeechOptions options) =>
        (options.Region, options.SubscriptionKey) = ("westeurope", Secret);
}
