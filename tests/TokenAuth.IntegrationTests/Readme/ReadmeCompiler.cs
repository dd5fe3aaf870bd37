using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>Compiles a block of README as the body of an application that has the usual things at hand.</summary>
internal static class ReadmeCompiler
{
    // What the templates import, and what a reader takes as given.
    private const string Application = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net;
        global using System.Net.Http;
        global using System.Net.Http.Headers;
        global using System.Net.WebSockets;
        global using System.Text;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using OpenTelemetry;
        global using OpenTelemetry.Metrics;
        global using OpenTelemetry.Trace;
        global using TokenAuth;
        global using TokenAuth.Testing;
        global using Xunit;
        global using static Application;

        internal static class Application
        {
            public static readonly WebApplicationBuilder builder = WebApplication.CreateBuilder();
            public static readonly IServiceCollection services = new ServiceCollection().AddLogging();
            public static readonly IConfiguration secrets = builder.Configuration;
            public static readonly WebApplication app = builder.Build();
            public static readonly HttpClient http = new();
            public static readonly HttpContent content = new StringContent("");
            public static readonly HttpRequestMessage request = new();
            public static readonly ITokenTenants tenants = null!;
            public static readonly ITokenProvider provider = new StaticTokenProvider("token");
            public static readonly SpeechRecognizer recognizer = new();
            public static readonly WorkQueue queue = new();
            public static readonly string key = "";
            public static readonly byte[] wave = [];

            private static ServiceProvider? s_started;

            static Application()
            {
                services.AddTokenAuth().AddVkCloud("voice", o => { o.ClientId = "mcs.voice"; o.ClientSecret = "a-secret"; });
                services.AddHttpClient<VoiceClient>(http => http.BaseAddress = new("https://voice.mcs.mail.ru/")).AddBearerToken("voice");
            }

            public static async Task UseTheApplicationAsync()
            {
                s_started ??= services.BuildServiceProvider();
                using var speech = new StringContent("hello", Encoding.UTF8, "text/plain");
                using var audio = await s_started.GetRequiredService<VoiceClient>().Http.PostAsync("tts", speech);
                audio.EnsureSuccessStatusCode();
            }

            public static Task<(string Token, DateTimeOffset ExpiresAt)> AskAsync(string? refreshToken, CancellationToken cancellationToken) =>
                Task.FromResult(("", default(DateTimeOffset)));
        }

        internal sealed class VoiceClient(HttpClient http) { public HttpClient Http => http; }

        internal sealed class SpeechClient(HttpClient http) { public HttpClient Http => http; }

        internal sealed class Tts(HttpClient http) { public HttpClient Http => http; }

        internal sealed record Customer(Uri Endpoint, string Key);

        internal sealed class CustomerDb { public Task<Customer?> FindAsync(string tenant, CancellationToken cancellationToken) => Task.FromResult<Customer?>(null); }

        internal sealed class SpeechRecognizer { public string AuthorizationToken { get; set; } = ""; }

        internal sealed class WorkQueue { public Task PutBackAsync(HttpContent content, TimeSpan after) => Task.CompletedTask; }
        """;

    private static readonly CSharpParseOptions s_language = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Every error and warning, one a line, on its line of README.</summary>
    public static string Faults(int line, string code) => Faults(Compile(line, code));

    /// <summary>Runs a block as the application it is part of.</summary>
    public static async Task RunAsync(int line, string code)
    {
        var compilation = Compile(line, code);
        using var assembly = new MemoryStream();
        Assert.True(compilation.Emit(assembly).Success, Faults(compilation));

        var main = Assembly
            .Load(assembly.ToArray())
            .GetType("Program")!
            .GetMethod("<Main>$", BindingFlags.Static | BindingFlags.NonPublic)!;

        await (Task)main.Invoke(null, [Array.Empty<string>()])!;
    }

    private static CSharpCompilation Compile(int line, string code)
    {
        var block = CSharpSyntaxTree.ParseText($"#line {line} \"README.md\"\n{code}", s_language);
        var application = CSharpSyntaxTree.ParseText(Application, s_language);
        var hasStatements = block.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        var options = new CSharpCompilationOptions(
            hasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable
        );

        return CSharpCompilation.Create("Readme", [block, application], s_references, options);
    }

    private static string Faults(CSharpCompilation compilation) =>
        string.Join(
            '\n',
            compilation
                .GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(fault => fault.Severity >= DiagnosticSeverity.Warning)
        );
}
