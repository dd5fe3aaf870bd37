namespace TokenAuth.IntegrationTests.Package;

/// <summary>What a newcomer does: a new project, the packages, the lines of README, run against the emulator.</summary>
[Collection(PackedOnce.Name)]
public sealed class ScratchProjectTests(Packages packages) : IDisposable
{
    private readonly ScratchProjects _projects = new(packages);

    public void Dispose() => _projects.Dispose();

    [Fact]
    public async Task A_web_application_that_uses_a_netstandard_library()
    {
        await _projects.WriteAsync(
            "Speaking",
            "Microsoft.NET.Sdk",
            "<TargetFramework>netstandard2.0</TargetFramework><LangVersion>latest</LangVersion>",
            """
            using System.Net.Http;
            using System.Threading.Tasks;
            using Microsoft.Extensions.DependencyInjection;
            using TokenAuth;

            namespace Speaking
            {
                public class Speaker
                {
                    private readonly HttpClient _http;

                    public Speaker(HttpClient http) { _http = http; }

                    public static void Register(IServiceCollection services) =>
                        services.AddHttpClient<Speaker>().AddBearerToken("speech");

                    public static HttpClient Client(ITokenProvider provider) =>
                        new HttpClient(new BearerTokenHandler(provider) { InnerHandler = new HttpClientHandler { AllowAutoRedirect = false } });

                    public async Task<int> SayAsync(string address)
                    {
                        using var ssml = new StringContent("<speak version='1.0' xml:lang='en-US'>Hello</speak>", null, "application/ssml+xml");
                        using var response = await _http.PostAsync(address, ssml);
                        return (int)response.StatusCode;
                    }
                }
            }
            """,
            ["TokenAuth"]
        );
        await _projects.WriteAsync(
            "Web",
            "Microsoft.NET.Sdk.Web",
            "<TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>",
            """
            using Speaking;
            using TokenAuth;
            using TokenAuth.Testing;

            await using var emulator = await TokenServiceEmulator.StartAsync();
            Environment.SetEnvironmentVariable("TOKENAUTH__VOICE__CLIENTSECRET", VkCloudClient.Voice.ClientSecret);

            var builder = WebApplication.CreateBuilder(args);
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration["TokenAuth:voice:Provider"] = "VkCloud";
            builder.Configuration["TokenAuth:voice:ClientId"] = VkCloudClient.Voice.ClientId;
            builder.Configuration["TokenAuth:voice:TokenEndpoint"] = emulator.VkTokenEndpoint.AbsoluteUri;
            builder.Services.AddTokenAuth(builder.Configuration.GetSection("TokenAuth"))
                .UseFileStore(o =>
                {
                    o.Directory = Path.Combine(AppContext.BaseDirectory, "tokens");
                    o.EncryptionKey = Convert.ToBase64String(new byte[32]);
                })
                .AddAzureSpeech("speech", o =>
                {
                    o.TokenEndpoint = emulator.AzureTokenEndpoint;
                    o.SubscriptionKey = emulator.AzureSpeech.SecondaryKey;
                });
            builder.Services.AddHttpClient("Voice", http => http.BaseAddress = emulator.VoiceAddress).AddBearerToken("voice");
            builder.Services.AddHealthChecks().AddTokenAuth();
            Speaker.Register(builder.Services);

            await using var app = builder.Build();
            app.MapHealthChecks("/health");
            app.MapGet("/vk", async (IHttpClientFactory clients) =>
                (int)(await clients.CreateClient("Voice").GetAsync("tts?encoder=mp3&text=hello")).StatusCode);
            app.MapGet("/azure", (Speaker speaker) => speaker.SayAsync(emulator.AzureTtsAddress.AbsoluteUri));
            await app.StartAsync();

            using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            Console.WriteLine($"{await http.GetStringAsync("/vk")} {await http.GetStringAsync("/azure")} {await http.GetStringAsync("/health")}");

            var options = new AzureSpeechOptions
            {
                TokenEndpoint = emulator.AzureTokenEndpoint,
                SubscriptionKey = emulator.AzureSpeech.PrimaryKey,
            };
            using var provider = new AzureSpeechTokenProvider(options);
            var plain = await new Speaker(Speaker.Client(provider)).SayAsync(emulator.AzureTtsAddress.AbsoluteUri);
            Console.WriteLine($"{plain}, {emulator.Ledger.IssueTokenCalls} Azure tokens");
            """,
            ["TokenAuth", "TokenAuth.Testing", "TokenAuth.Postgres"],
            "Speaking"
        );

        Assert.Equal("200 200 Healthy\n200, 2 Azure tokens", await _projects.RunAsync("Web"));
    }
}
