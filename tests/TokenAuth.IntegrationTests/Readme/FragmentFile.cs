using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>Code of a page that is a part of something: its statements in a method, its types beside the method.</summary>
internal static class FragmentFile
{
    /// <summary>What a fragment may name without saying it: what surrounds it in an application.</summary>
    public const string Frame = """
        global using TokenAuth;
        global using TokenAuth.Testing;

        internal abstract class Frame
        {
            protected static readonly WebApplicationBuilder builder = null!;
            protected static readonly WebApplication app = null!;
            protected static readonly IServiceCollection services = null!;
            protected static readonly IHttpClientFactory clients = null!;
            protected static readonly ITokenProvider provider = null!;
            protected static readonly ITokenTenants tenants = null!;
            protected static readonly HttpRequestMessage request = null!;
        }

        // The application's own types that pages name.
        internal sealed class Tts(HttpClient http) { public HttpClient Http => http; }
        internal sealed class SignIn : DelegatingHandler;
        internal sealed record Customer(Uri Endpoint, string Key);
        internal sealed class CustomerDb
        {
            public Task<Customer?> FindAsync(string tenant, CancellationToken cancellationToken) => Task.FromResult<Customer?>(null);
        }

        // The vendor's Speech SDK is no package that the tests install.
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

    public static string Of(CodeBlock block)
    {
        var root = CSharpSyntaxTree.ParseText(block.CodeWithLines).GetCompilationUnitRoot();
        var statements = root.Members.OfType<GlobalStatementSyntax>().Select(At);
        var types = root.Members.Where(member => member is not GlobalStatementSyntax).Select(At);

        return $$"""
            {{string.Concat(root.Usings.Select(line => line.ToString() + '\n'))}}
            namespace {{block.Name}};

            internal sealed class Fragment : Frame
            {
                public static async Task RunAsync()
                {
                    await Task.CompletedTask;
            {{string.Join('\n', statements)}}
            #line default
                }
            }
            {{string.Join('\n', types)}}
            """;

        string At(MemberDeclarationSyntax member)
        {
            var line = block.Line + root.SyntaxTree.GetLineSpan(member.Span).StartLinePosition.Line - 1;

            return $"#line {line} \"{block.Page}\"\n{member}";
        }
    }
}
