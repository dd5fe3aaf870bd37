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

    /// <summary>As <c>dotnet new</c> makes it, with a program in it and what <c>dotnet add package</c> would write.</summary>
    public async Task NewAsync(
        string template,
        string name,
        string program,
        string[] packages,
        params string[] arguments
    )
    {
        await Sdk.RunAsync(_directory.FullName, ["new", template, "-o", name, "--no-restore", .. arguments]);
        var directory = Path.Combine(_directory.FullName, name);
        var project = Path.Combine(directory, name + ".csproj");
        var added = XElement.Load(project);
        added.Add(
            new XElement(
                "ItemGroup",
                packages.Select(package => new XElement(
                    "PackageReference",
                    new XAttribute("Include", package),
                    new XAttribute("Version", Packages.Version)
                ))
            )
        );
        added.Save(project);
        foreach (var file in Directory.GetFiles(directory, "*.cs"))
            File.Delete(file);
        await File.WriteAllTextAsync(Path.Combine(directory, "Program.cs"), program);
    }

    public Task ReferenceAsync(string name, string library) =>
        Sdk.RunAsync(_directory.FullName, "add", name, "reference", library);

    /// <summary>Builds with warnings as errors and runs; what the program prints.</summary>
    public async Task<string> RunAsync(string name)
    {
        await Sdk.RunAsync(_directory.FullName, "build", name, "-o", "out", "-warnaserror", "-p:NuGetAudit=false");

        return (await Sdk.RunAsync(_directory.FullName, Path.Combine("out", name + ".dll"))).Trim();
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
