using System.Text.RegularExpressions;

namespace TokenAuth.IntegrationTests.Package;

/// <summary>The code of docs/browser.md and docs/app.md, and what the tests put beside it.</summary>
internal static partial class BrowserPage
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Sdk.Repository, "docs", "browser.md"));
    private static readonly string s_appPage = File.ReadAllText(Path.Combine(Sdk.Repository, "docs", "app.md"));

    public static string Program { get; } = Blocks(s_page, "csharp web").Single();

    public static string Html { get; } = Blocks(s_page, "html").Single();

    /// <summary>In the same project: starts the emulator, and calls the application once it has started.</summary>
    public const string Caller = """
        using System.Runtime.CompilerServices;
        using System.Text.Json.Nodes;
        using TokenAuth;
        using TokenAuth.Testing;

        [assembly: HostingStartup(typeof(Caller))]

        internal sealed class Caller : IHostingStartup
        {
            private static TokenServiceEmulator s_emulator = null!;

            [ModuleInitializer]
            internal static void Prepare()
            {
                s_emulator = TokenServiceEmulator.StartAsync().GetAwaiter().GetResult();
                Environment.SetEnvironmentVariable("SpeechKey", s_emulator.AzureSpeech.PrimaryKey);
                Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "None");
                Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", Environment.GetCommandLineArgs()[1]);
                Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://127.0.0.1:0");
                Environment.SetEnvironmentVariable("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(Caller).Assembly.GetName().Name);
            }

            public void Configure(IWebHostBuilder builder) =>
                builder.ConfigureServices(services =>
                    services
                        .Configure<AzureSpeechOptions>("speech", o => o.TokenEndpoint = s_emulator.AzureTokenEndpoint)
                        .AddHostedService<Calls>()
                );

            private sealed class Calls(IHostApplicationLifetime lifetime, Microsoft.AspNetCore.Hosting.Server.IServer server) : BackgroundService
            {
                protected override async Task ExecuteAsync(CancellationToken stoppingToken)
                {
                    var started = new TaskCompletionSource();
                    lifetime.ApplicationStarted.Register(started.SetResult);
                    await started.Task;
                    var addresses = server.Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses;
                    using var http = new HttpClient { BaseAddress = new Uri(addresses.Single()) };

                    var anonymous = await http.PostAsync("speech-token", null);
                    await http.PostAsync("sign-in", null);
                    var token = await http.PostAsync("speech-token", null);
                    var script = await http.GetAsync("_content/TokenAuth.AspNetCore/speech-token.js");
                    var page = await http.GetAsync("");
                    var region = token.IsSuccessStatusCode ? $", region {JsonNode.Parse(await token.Content.ReadAsStringAsync())!["region"]}" : "";
                    Console.WriteLine($"not signed in: {(int)anonymous.StatusCode}");
                    Console.WriteLine($"signed in: {(int)token.StatusCode}{region}");
                    Console.WriteLine($"script: {(int)script.StatusCode} {script.Content.Headers.ContentType?.MediaType}");
                    Console.WriteLine($"page: {(int)page.StatusCode} {page.Content.Headers.ContentType?.MediaType}");
                    lifetime.StopApplication();
                }
            }
        }
        """;

    /// <summary>The page's lines in each arrangement, without and with the authorization.</summary>
    public static string Refusals =>
        $$"""
            foreach (var (name, build) in new (string, Func<bool, IHost>)[]
            {
                ("minimal", isProtected => Minimal(isProtected, isInGroup: false)),
                ("minimal, in a group", isProtected => Minimal(isProtected, isInGroup: true)),
                ("Startup", isProtected => WithStartup(isProtected, isInGroup: false)),
                ("Startup, in a group", isProtected => WithStartup(isProtected, isInGroup: true)),
            })
            {
                Console.WriteLine($"{name}: {await StartAsync(build(false))}");
                Console.WriteLine($"{name}, with the line: {await StartAsync(build(true))}");
            }

            static async Task<string> StartAsync(IHost host)
            {
                using (host)
                {
                    try
                    {
                        await host.StartAsync();
                        return "starts";
                    }
                    catch (InvalidOperationException error)
                    {
                        return error.Message;
                    }
                }
            }

            static IHost Minimal(bool isProtected, bool isInGroup)
            {
                var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
                builder.Logging.ClearProviders();
                builder.WebHost.UseUrls("http://127.0.0.1:0");
                builder.Configuration["SpeechKey"] = "key";
                {{Line("AddAuthentication")}}
                {{Line("AddAuthorization")}}
                {{Line("AddTokenAuth")}}
                var application = builder.Build();
                var app = isInGroup ? (IEndpointRouteBuilder)application.MapGroup("/api") : application;
                if (isProtected)
                    {{Line("MapSpeechToken")}}
                else
                    {{Line("MapSpeechToken").Replace(
                ".RequireAuthorization()",
                "",
                StringComparison.Ordinal
            )}}
                return application;
            }

            static IHost WithStartup(bool isProtected, bool isInGroup) =>
                Host.CreateDefaultBuilder()
                    .UseEnvironment("Production")
                    .ConfigureLogging(logging => logging.ClearProviders())
                    .ConfigureWebHostDefaults(web => web
                        .UseUrls("http://127.0.0.1:0")
                        .UseSetting("SpeechKey", "key")
                        .ConfigureServices((builder, services) =>
                        {
                            {{Line("AddAuthentication").Replace("builder.Services", "services", StringComparison.Ordinal)}}
                            {{Line("AddAuthorization").Replace("builder.Services", "services", StringComparison.Ordinal)}}
                            {{Line("AddTokenAuth").Replace("builder.Services", "services", StringComparison.Ordinal)}}
                        })
                        .Configure(startup =>
                        {
                            startup.UseRouting();
                            startup.UseAuthentication();
                            startup.UseAuthorization();
                            startup.UseEndpoints(endpoints =>
                            {
                                var app = isInGroup ? endpoints.MapGroup("/api") : endpoints;
                                if (isProtected)
                                    {{Line("MapSpeechToken")}}
                                else
                                    {{Line("MapSpeechToken").Replace(
                ".RequireAuthorization()",
                "",
                StringComparison.Ordinal
            )}}
                            });
                        })
                    )
                    .Build();
            """;

    /// <summary>Each part of a program in a method of its own.</summary>
    public static IEnumerable<(string Name, string Code)> Fragments =>
        Blocks(s_page, "csharp web-fragment")
            .Concat(Blocks(s_appPage, "csharp web-fragment"))
            .Select((code, number) => ($"Fragment{number}", Fragment(code, number)))
            .Append(("Surroundings", Surroundings));

    // What a fragment takes as given; the Speech SDK for C# is no package that the tests install.
    private const string Surroundings = """
        internal sealed class SignIn : DelegatingHandler;

        namespace Microsoft.CognitiveServices.Speech
        {
            internal sealed class SpeechConfig
            {
                public static SpeechConfig FromAuthorizationToken(string authToken, string region) => new();
            }

            internal sealed class SpeechRecognizer(SpeechConfig config) : IDisposable
            {
                public SpeechConfig Config => config;
                public string AuthorizationToken { get; set; } = "";
                public void Dispose() { }
            }
        }
        """;

    private static string Fragment(string code, int number)
    {
        var lines = code.Split('\n').ToLookup(line => UsingDirective().IsMatch(line));

        return $$"""
            {{string.Join('\n', lines[true])}}

            internal static class Fragment{{number}}
            {
                public static async Task RunAsync(WebApplicationBuilder builder, WebApplication app)
                {
                    await Task.CompletedTask;
                    {{string.Join('\n', lines[false])}}
                }
            }
            """;
    }

    private static string Line(string call) =>
        Program.Split('\n').First(line => line.Contains("." + call + "(", StringComparison.Ordinal));

    private static IEnumerable<string> Blocks(string page, string fence) =>
        Regex
            .Matches(page, $"^```{fence}\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(block => block.Groups["code"].Value);

    [GeneratedRegex(@"^using [\w.]+;$")]
    private static partial Regex UsingDirective();
}
