using System.IO.Compression;
using System.Xml.Linq;
using TokenAuth.IntegrationTests.Package;

[assembly: AssemblyFixture(typeof(Packages))]

namespace TokenAuth.IntegrationTests.Package;

/// <summary>The packages of this repository, packed once, when the first test asks for them.</summary>
public sealed class Packages : IDisposable
{
    public const string Version = "0.2.0";

    public static IReadOnlyList<string> Names { get; } =
    [
        "TokenAuth",
        "TokenAuth.AspNetCore",
        "TokenAuth.Azure",
        "TokenAuth.Postgres",
        "TokenAuth.Redis",
        "TokenAuth.Testing",
    ];

    /// <summary>The command line, whose package is of another shape.</summary>
    public const string Tool = "TokenAuth.Tool";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tokenauth-packages-");
    private readonly Lazy<Task> _packing;

    public Packages() => _packing = new(PackNowAsync);

    /// <summary>A folder that a package source may be.</summary>
    public string Feed => Path.Combine(_directory.FullName, "feed");

    /// <summary>Ends when the packages lie in <see cref="Feed"/>.</summary>
    public Task PackAsync() => _packing.Value;

    public ZipArchive Open(string name, string extension = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(Feed, $"{name}.{Version}.{extension}"));

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task PackNowAsync()
    {
        var solution = Path.Combine(_directory.FullName, "packages.slnx");
        var projects = Names
            .Append(Tool)
            .Select(name => new XElement(
                "Project",
                new XAttribute("Path", Path.Combine(Sdk.Repository, "src", name, name + ".csproj"))
            ));
        await File.WriteAllTextAsync(solution, new XElement("Solution", projects).ToString());

        // Analyzers look at the sources when the repository is built, and change no package.
        string[] options = ["-c", Sdk.Configuration, "-o", Feed, "-p:RunAnalyzers=false"];
        await Sdk.RunAsync(_directory.FullName, ["pack", solution, .. options]);
    }
}
