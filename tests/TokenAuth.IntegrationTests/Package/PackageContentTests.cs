using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TokenAuth.IntegrationTests.Package;

[Collection(PackedOnce.Name)]
public sealed class PackageContentTests(Packages packages)
{
    private static readonly Dictionary<string, string[]> _frameworks = new()
    {
        ["TokenAuth"] = ["net10.0", "net8.0", "netstandard2.0"],
        ["TokenAuth.AspNetCore"] = ["net10.0", "net8.0"],
        ["TokenAuth.Azure"] = ["net10.0", "net8.0", "netstandard2.0"],
        ["TokenAuth.Postgres"] = ["net10.0", "net8.0"],
        ["TokenAuth.Redis"] = ["net10.0", "net8.0"],
        ["TokenAuth.Testing"] = ["net10.0", "net8.0"],
    };

    // What the code of a package uses, and no more: a transitive pin would be one more thing to update for an application.
    private static readonly Dictionary<string, string[]> _dependencies = new()
    {
        ["TokenAuth"] =
        [
            "Microsoft.Bcl.TimeProvider for netstandard2.0",
            "Microsoft.Extensions.Diagnostics.HealthChecks",
            "Microsoft.Extensions.Http",
            "Microsoft.Extensions.Options.ConfigurationExtensions",
            "Polly.Core",
            "System.Text.Json for netstandard2.0, net8.0", // later platforms have it
        ],
        ["TokenAuth.AspNetCore"] = ["TokenAuth"],
        ["TokenAuth.Azure"] = ["Azure.Core", "TokenAuth"],
        ["TokenAuth.Postgres"] = ["Npgsql", "TokenAuth"],
        ["TokenAuth.Redis"] = ["StackExchange.Redis", "TokenAuth"],
        ["TokenAuth.Testing"] = ["TokenAuth"],
    };

    // How an application's build finds what is served under _content/TokenAuth.AspNetCore.
    private static readonly string[] _staticWebAssets =
    [
        "build/Microsoft.AspNetCore.StaticWebAssetEndpoints.props",
        "build/Microsoft.AspNetCore.StaticWebAssets.props",
        "build/TokenAuth.AspNetCore.props",
        "buildMultiTargeting/TokenAuth.AspNetCore.props",
        "buildTransitive/TokenAuth.AspNetCore.props",
        "staticwebassets/speech-token.d.ts",
        "staticwebassets/speech-token.js",
    ];

    public static TheoryData<string> Names => [.. Packages.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_package_has_assemblies_documentation_README_and_icon_and_nothing_else(string name)
    {
        await using var package = packages.Open(name);

        var files = package
            .Entries.Select(entry => entry.FullName)
            .Where(file =>
                !file.StartsWith("_rels/", StringComparison.Ordinal)
                && !file.StartsWith("package/", StringComparison.Ordinal)
            );

        Assert.Equal(
            _frameworks[name]
                .SelectMany(framework => new[] { $"lib/{framework}/{name}.dll", $"lib/{framework}/{name}.xml" })
                .Concat(name == "TokenAuth.AspNetCore" ? _staticWebAssets : [])
                .Concat([$"{name}.nuspec", "README.md", "icon.png", "[Content_Types].xml"])
                .Order(StringComparer.Ordinal),
            files.Order(StringComparer.Ordinal)
        );
        Assert.Contains(name, await TextOf(package.GetEntry("README.md")!), StringComparison.Ordinal);
        Assert.InRange(package.GetEntry("icon.png")!.Length, 1, 20_000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_symbol_package_has_the_symbols(string name)
    {
        await using var package = packages.Open(name, "snupkg");

        Assert.Equal(
            _frameworks[name].Select(framework => $"lib/{framework}/{name}.pdb"),
            package
                .Entries.Select(entry => entry.FullName)
                .Where(file => file.EndsWith(".pdb", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_package_says_what_it_is(string name)
    {
        await using var package = packages.Open(name);
        var metadata = XDocument.Parse(await TextOf(package.GetEntry($"{name}.nuspec")!)).Root!.Elements().First();

        string? Say(string element) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value;
        Assert.Equal((name, Packages.Version, "MIT"), (Say("id"), Say("version"), Say("license")));
        Assert.Equal(("README.md", "icon.png"), (Say("readme"), Say("icon")));
        Assert.Contains("vk-cloud", Say("tags"), StringComparison.Ordinal);
        Assert.Contains("unreleased", Say("releaseNotes"), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(Say("description")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_package_depends_on_what_its_code_uses_and_on_nothing_else(string name)
    {
        await using var package = packages.Open(name);
        var groups = XDocument
            .Parse(await TextOf(package.GetEntry($"{name}.nuspec")!))
            .Descendants()
            .Where(element => element.Name.LocalName == "group" && element.Attribute("targetFramework") is not null)
            .Where(group => group.Parent!.Name.LocalName == "dependencies")
            .ToList();

        Assert.Equal(_frameworks[name].Length, groups.Count);
        foreach (var group in groups)
        {
            var framework = group.Attribute("targetFramework")!.Value.TrimStart('.').ToUpperInvariant();
            var expected = _dependencies[name]
                .Select(dependency => dependency.Split(" for "))
                .Where(parts =>
                    parts.Length == 1 || parts[1].Split(", ").Contains(framework, StringComparer.OrdinalIgnoreCase)
                )
                .Select(parts => parts[0]);

            Assert.Equal(
                expected,
                group.Elements().Select(dependency => dependency.Attribute("id")!.Value).Order(StringComparer.Ordinal)
            );
            // They use internals of TokenAuth: an update of one alone must fail at the restore, not at run time.
            Assert.All(
                group.Elements().Where(dependency => dependency.Attribute("id")!.Value == "TokenAuth"),
                dependency => Assert.Equal($"[{Packages.Version}]", dependency.Attribute("version")!.Value)
            );
        }
    }

    // A checkout gives each file another time.
    [Fact]
    public async Task No_file_says_when_its_source_was_written()
    {
        await using var package = packages.Open("TokenAuth.AspNetCore");

        foreach (
            var entry in package.Entries.Where(entry => entry.Name.StartsWith("Microsoft.", StringComparison.Ordinal))
        )
            Assert.Equal(
                ["Thu, 01 Jan 2026 00:00:00 GMT"],
                Regex
                    .Matches(await TextOf(entry), @"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT")
                    .Select(time => time.Value)
                    .Distinct()
            );
    }

    private static async Task<string> TextOf(System.IO.Compression.ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(await entry.OpenAsync(TestContext.Current.CancellationToken));

        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
