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

    /// <summary>As <c>dotnet new</c> and <c>dotnet add package</c> do, with a program in it.</summary>
    public async Task NewAsync(
        string template,
        string name,
        string program,
        string[] packages,
        params string[] arguments
    )
    {
        await Sdk.RunAsync(_directory.FullName, ["new", template, "-o", name, "--no-restore", .. arguments]);
        foreach (var package in packages)
            await Sdk.RunAsync(
                _directory.FullName,
                ["add", name, "package", package, "--version", Packages.Version, "--no-restore"]
            );
        foreach (var file in Directory.GetFiles(Path.Combine(_directory.FullName, name), "*.cs"))
            File.Delete(file);
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, name, "Program.cs"), program);
    }

    public Task ReferenceAsync(string name, string library) =>
        Sdk.RunAsync(_directory.FullName, "add", name, "reference", library);

    /// <summary>Builds with warnings as errors and runs; what the program prints.</summary>
    public async Task<string> RunAsync(string name)
    {
        await Sdk.RunAsync(_directory.FullName, "build", name, "-warnaserror", "-p:NuGetAudit=false");

        return (
            await Sdk.RunAsync(_directory.FullName, "run", "--no-build", "--no-launch-profile", "--project", name)
        ).Trim();
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
