namespace TokenAuth.IntegrationTests.Package;

/// <summary>New ASP.NET Core projects with the packed package and the code of docs/browser.md, pasted without an edit, against the emulator.</summary>
[Collection(PackedOnce.Name)]
public sealed class BrowserScratchTests(Packages packages) : IDisposable
{
    private const string Web =
        "<TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>";

    private static readonly string[] _arrangements =
    [
        "minimal",
        "minimal, in a group",
        "Startup",
        "Startup, in a group",
    ];
    private static readonly string[] _packages = ["TokenAuth.AspNetCore", "TokenAuth.Testing"];

    private readonly ScratchProjects _projects = new(packages);

    public void Dispose() => _projects.Dispose();

    [Fact]
    public async Task The_pages_program_hands_out_tokens_the_script_and_the_page()
    {
        await _projects.WriteAsync("Pasted", "Microsoft.NET.Sdk.Web", Web, BrowserPage.Program, _packages);
        await _projects.WriteFileAsync("Pasted", "wwwroot/index.html", BrowserPage.Html);
        await _projects.WriteFileAsync("Pasted", "Caller.cs", BrowserPage.Caller);
        await _projects.BuildAsync("Pasted");

        Assert.Equal(
            """
            not signed in: 401
            signed in: 200, region westeurope
            script: 200 text/javascript
            page: 200 text/html
            """,
            await _projects.RunBuiltAsync("Pasted", "Development")
        );
        // The sign-in that lets anybody in is not there.
        Assert.Equal(
            """
            not signed in: 401
            signed in: 401
            script: 200 text/javascript
            page: 200 text/html
            """,
            await _projects.RunBuiltAsync("Pasted", "Production")
        );
    }

    [Fact]
    public async Task Without_authorization_its_lines_do_not_start_in_Production_and_the_other_code_compiles()
    {
        await _projects.WriteAsync("Refused", "Microsoft.NET.Sdk.Web", Web, BrowserPage.Refusals, _packages);
        foreach (var (name, code) in BrowserPage.Fragments)
            await _projects.WriteFileAsync("Refused", name + ".cs", code);

        Assert.Equal(
            string.Join(
                '\n',
                _arrangements.Select(arrangement =>
                    $"""
                        {arrangement}: MapSpeechToken("/speech-token", "speech") would hand Azure Speech tokens to anybody: its endpoint has no authorization, and there is no fallback policy. Write one of these lines:
                            app.MapSpeechToken("/speech-token", "speech").RequireAuthorization();   // for signed-in callers
                            app.MapSpeechToken("/speech-token", "speech").AllowAnonymous();         // for anybody, where something in front decides who may call
                        {arrangement}, with the line: starts
                        """
                )
            ),
            await _projects.RunAsync("Refused")
        );
    }
}
