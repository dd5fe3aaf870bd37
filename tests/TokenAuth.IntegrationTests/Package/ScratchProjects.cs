using System.Xml.Linq;

namespace TokenAuth.IntegrationTests.Package;

/// <summary>New projects outside the repository that install the packages from a folder, without any other feed.</summary>
internal sealed class ScratchProjects : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tokenauth-scratch-");

    public ScratchProjects(Packages packages) =>
        File.WriteAllText(
            Path.Combine(_directory.FullName, "nuget.config"),
            // Packages go to a folder of this test's own: the next run packs the same version again.
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><clear /><add key="feed" value="{packages.Feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="cache" value="{Sdk.PackageCache}" /></fallbackPackageFolders>
            </configuration>
            """
        );

    /// <summary>A project with the properties that <c>dotnet new</c> gives it, the packages, and one file of code.</summary>
    public async Task WriteAsync(
        string name,
        string sdk,
        string properties,
        string program,
        string[] packages,
        string? reference = null
    )
    {
        var directory = _directory.CreateSubdirectory(name).FullName;
        var project = new XElement(
            "Project",
            new XAttribute("Sdk", sdk),
            new XElement("PropertyGroup", XElement.Parse($"<a>{properties}</a>").Elements()),
            new XElement(
                "ItemGroup",
                packages.Select(package => new XElement(
                    "PackageReference",
                    new XAttribute("Include", package),
                    new XAttribute("Version", Packages.Version)
                )),
                reference is null
                    ? null
                    : new XElement("ProjectReference", new XAttribute("Include", $"../{reference}/{reference}.csproj"))
            )
        );
        await File.WriteAllTextAsync(Path.Combine(directory, name + ".csproj"), project.ToString());
        await File.WriteAllTextAsync(Path.Combine(directory, "Program.cs"), program);
    }

    /// <summary>One more file in a project's folder.</summary>
    public Task WriteFileAsync(string name, string file, string text)
    {
        var path = Path.Combine(_directory.FullName, name, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        return File.WriteAllTextAsync(path, text);
    }

    /// <summary>Builds with warnings as errors and runs; what the program prints.</summary>
    public async Task<string> RunAsync(string name)
    {
        await BuildAsync(name);

        return await RunBuiltAsync(name);
    }

    /// <summary>Runs what has been built.</summary>
    public async Task<string> RunBuiltAsync(string name, params string[] arguments) =>
        (await Sdk.RunAsync(_directory.FullName, [Path.Combine("out", name + ".dll"), .. arguments])).Trim();

    /// <summary>Builds with warnings as errors.</summary>
    public async Task BuildAsync(string name)
    {
        await Sdk.RunAsync(
            _directory.FullName,
            "build",
            name,
            "-o",
            "out",
            "-warnaserror",
            "-p:NuGetAudit=false",
            "-p:RunAnalyzers=false"
        );
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
