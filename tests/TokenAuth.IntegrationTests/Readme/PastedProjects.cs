using System.Text.RegularExpressions;
using System.Xml.Linq;
using TokenAuth.IntegrationTests.Emulator;
using TokenAuth.IntegrationTests.Package;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>
/// The documentation's code in new projects: the commands of a page make a project, its program is pasted; fragments share one project. One build.
/// </summary>
public sealed class PastedProjects(Packages packages) : IAsyncLifetime
{
    private static readonly string[] s_templates = ["web", "console", "xunit"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tokenauth-pasted-");

    /// <summary>What the pages give a reader to paste, by the project's name.</summary>
    internal static IReadOnlyDictionary<string, CodeBlock> Programs { get; } =
        Pages
            .Blocks.Where(block => block.Language == "csharp" && s_templates.Contains(block.Kind))
            .ToDictionary(block => block.Name);

    internal static IReadOnlyList<CodeBlock> Fragments { get; } =
    [
        .. Pages
            .Blocks.Where(block => block.Language == "csharp")
            .Where(block => !s_templates.Append("recipe").Contains(block.Kind)),
    ];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Shell.Has("sh") && Shell.Has("openssl"), "The pages' commands need sh and openssl.");
        await packages.PackAsync();
        // Packages go to a folder of this test's own: the next run packs the same version again.
        await WriteAsync(
            "nuget.config",
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><clear /><add key="feed" value="{packages.Feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="cache" value="{Sdk.PackageCache}" /></fallbackPackageFolders>
            </configuration>
            """
        );
        foreach (var (name, program) in Programs)
            await PasteAsync(name, program);
        await WriteFragmentsAsync();
        await WriteRecipesAsync();

        var projects = Directory.GetFiles(_directory.FullName, "*.csproj", SearchOption.AllDirectories);
        var solution = projects.Select(file => new XElement("Project", new XAttribute("Path", file)));
        await WriteAsync("pasted.slnx", new XElement("Solution", solution).ToString());
        await Sdk.RunAsync(_directory.FullName, "build", "pasted.slnx", "-p:NuGetAudit=false", "-p:RunAnalyzers=false");
    }

    /// <summary>The folder in which a page's commands made a project of this template.</summary>
    internal string FolderOf(string page, string template) =>
        Directory.GetDirectories(
            PathOf(Programs.Values.Single(program => program.Page == page && program.Kind == template).Name)
        )[0];

    internal string PathOf(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>User secrets and what programs keep for this user lie here.</summary>
    internal string UserFolder => NewFolder("user");

    internal string NewFolder(string name) => _directory.CreateSubdirectory(name).FullName;

    /// <summary>Runs the lines of a page as this user.</summary>
    internal Task<string> RunAsync(string folder, string commands) =>
        Sdk.ProcessAsync(folder, "sh", "-ec", $"export APPDATA='{UserFolder}'\n{commands}");

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);

        return default;
    }

    // The commands of the page that stand above the program, in a folder of their own.
    private async Task PasteAsync(string name, CodeBlock program)
    {
        _directory.CreateSubdirectory(name);
        var commands = Pages
            .BlocksOf(program.Page)
            .Last(block =>
                block.Language == "sh"
                && block.Line < program.Line
                && block.Code.Contains("dotnet new", StringComparison.Ordinal)
            )
            .Code;
        await RunAsync(PathOf(name), commands);

        var file = program.Kind == "xunit" ? "UnitTest1.cs" : "Program.cs";
        await File.WriteAllTextAsync(Path.Combine(FolderOf(program.Page, program.Kind), file), program.Code);
        if (Pages.BlocksOf(program.Page).FirstOrDefault(block => block.Language == "json") is { } settings)
            await File.WriteAllTextAsync(
                Path.Combine(FolderOf(program.Page, program.Kind), "appsettings.json"),
                settings.Code
            );
    }

    private async Task WriteFragmentsAsync()
    {
        await Sdk.RunAsync(_directory.FullName, "new", "web", "-o", "Fragments", "--no-restore");
        await WriteAsync("Fragments/Program.cs", "return;");
        await WriteAsync("Fragments/Frame.cs", FragmentFile.Frame);
        foreach (var block in Fragments)
            await WriteAsync($"Fragments/{block.Name}.cs", FragmentFile.Of(block));

        var project = await File.ReadAllTextAsync(PathOf("Fragments/Fragments.csproj"));
        var references = Packages
            .Names.Select(package => (package, Packages.Version))
            .Concat([("Azure.Identity", "1.21.0"), ("OpenTelemetry", "1.20.1")])
            .Select(package => $"""<PackageReference Include="{package.Item1}" Version="{package.Item2}" />""");
        await WriteAsync(
            "Fragments/Fragments.csproj",
            Regex.Replace(project, "</Project>", $"<ItemGroup>{string.Concat(references)}</ItemGroup></Project>")
        );
    }

    // The recipes are the code of TokenAuth.ClientTests, as a test there makes sure of; here over the packages.
    private async Task WriteRecipesAsync()
    {
        var tests = Path.Combine(Pages.Root, "tests", "TokenAuth.ClientTests");
        var project = XElement.Load(Path.Combine(tests, "TokenAuth.ClientTests.csproj"));
        foreach (var reference in project.Descendants("ProjectReference").ToList())
            reference.ReplaceWith(
                new XElement(
                    "PackageReference",
                    new XAttribute("Include", Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))
                )
            );
        project.Descendants("Content").Remove();
        var proto = project.Descendants("Protobuf").Single();
        proto.SetAttributeValue("Include", Path.Combine(tests, (string)proto.Attribute("Include")!));
        proto.SetAttributeValue("ProtoRoot", Path.GetDirectoryName((string)proto.Attribute("Include")!));
        project.Add(
            XElement.Parse(
                """
                <PropertyGroup><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
                """
            ),
            XElement.Parse(
                $"""<ItemGroup><Compile Include="{tests}/**/*.cs" Exclude="{tests}/bin/**;{tests}/obj/**" /></ItemGroup>"""
            )
        );
        NewFolder("Recipes");
        await WriteAsync("Recipes/Recipes.csproj", project.ToString());
        await WriteAsync(
            "Recipes/Directory.Packages.props",
            $"""
            <Project>
              <Import Project="{Pages.Root}/Directory.Packages.props" />
              <ItemGroup>{string.Concat(
                Packages.Names.Select(name => $"""<PackageVersion Include="{name}" Version="{Packages.Version}" />""")
            )}</ItemGroup>
            </Project>
            """
        );
    }

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(PathOf(file), text);
}
