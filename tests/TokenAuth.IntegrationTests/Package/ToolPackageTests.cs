using System.Xml.Linq;

namespace TokenAuth.IntegrationTests.Package;

[Collection(PackedOnce.Name)]
public sealed class ToolPackageTests(Packages packages) : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tokenauth-tool-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task The_tool_installs_from_its_package_and_runs()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_directory.FullName, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><clear /><add key="feed" value="{packages.Feed}" /></packageSources>
            </configuration>
            """,
            Stop
        );

        await Sdk.RunAsync(
            _directory.FullName,
            "tool",
            "install",
            Packages.Tool,
            "--tool-path",
            "bin",
            "--version",
            Packages.Version
        );
        var tool = Path.Combine(_directory.FullName, "bin", "tokenauth");

        Assert.Equal(44, (await Sdk.ProcessAsync(_directory.FullName, tool, "key")).TrimEnd().Length);
        Assert.StartsWith(
            Packages.Version,
            await Sdk.ProcessAsync(_directory.FullName, tool, "--version"),
            StringComparison.Ordinal
        );
        await Sdk.RunAsync(_directory.FullName, "tool", "uninstall", Packages.Tool, "--tool-path", "bin");
    }

    [Fact]
    public async Task Its_package_says_what_it_is_and_depends_on_nothing()
    {
        await using var package = packages.Open(Packages.Tool);
        using var reader = new StreamReader(await package.GetEntry($"{Packages.Tool}.nuspec")!.OpenAsync(Stop));
        var metadata = XDocument.Parse(await reader.ReadToEndAsync(Stop)).Root!.Elements().First();

        string? Say(string element) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value;
        Assert.Equal((Packages.Tool, Packages.Version, "MIT"), (Say("id"), Say("version"), Say("license")));
        Assert.Equal(("README.md", "icon.png"), (Say("readme"), Say("icon")));
        Assert.Contains(metadata.Descendants(), type => type.Attribute("name")?.Value == "DotnetTool");
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        Assert.NotNull(package.GetEntry("tools/net10.0/any/TokenAuth.Tool.dll"));
        Assert.InRange(package.Entries.Sum(entry => entry.CompressedLength), 1, 15_000_000);
    }
}
