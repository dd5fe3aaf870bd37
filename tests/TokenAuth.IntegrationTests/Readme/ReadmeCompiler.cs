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
            public static readonly IServiceCollection services = builder.Services;
            public static readonly IConfiguration secrets = builder.Configuration;
            public static readonly WebApplication app = builder.Build();
            public static readonly HttpClient http = new();
            public static readonly HttpContent content = new StringContent("");
            public static readonly ITokenProvider provider = new StaticTokenProvider("token");
            public static readonly SpeechRecognizer recognizer = new();
            public static readonly WorkQueue queue = new();
            public static readonly string key = "", text = "";

            public static Task UseTheApplicationAsync() => Task.CompletedTask;

            public static Task<(string Token, DateTimeOffset ExpiresAt)> AskAsync(string? refreshToken, CancellationToken cancellationToken) =>
                Task.FromResult(("", default(DateTimeOffset)));
        }

        internal sealed class VoiceClient(HttpClient http) { public HttpClient Http => http; }

        internal sealed class SpeechClient(HttpClient http) { public HttpClient Http => http; }

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
    public static string Faults(int line, string code)
    {
        var block = CSharpSyntaxTree.ParseText($"#line {line} \"README.md\"\n{code}", s_language);
        var application = CSharpSyntaxTree.ParseText(Application, s_language);
        var hasStatements = block.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        var options = new CSharpCompilationOptions(
            hasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable
        );

        var compilation = CSharpCompilation.Create("Readme", [block, application], s_references, options);

        return string.Join(
            '\n',
            compilation
                .GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(fault => fault.Severity >= DiagnosticSeverity.Warning)
        );
    }
}
