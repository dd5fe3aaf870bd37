using System.IO.Compression;
using System.Security.Cryptography;
using TokenAuth.Tests.Storage;

namespace TokenAuth.IntegrationTests.Package;

[Collection(PackedOnce.Name)]
public sealed class ReproducibleBuildTests
{
    [Fact]
    public async Task Two_folders_give_the_same_bytes()
    {
        // All three packages in a full run; otherwise the one that needs no other, for one framework.
        var projects = TestRun.IsFull ? Packages.Names : ["TokenAuth"];
        string[] frameworks = TestRun.IsFull ? [] : ["-p:TargetFrameworks=net8.0"];
        using var here = new SourceCopy("a-");
        using var there = new SourceCopy("another-and-longer-one-");

        var first = await PackAsync(here.Root, projects, frameworks);
        var second = await PackAsync(there.Root, projects, frameworks);

        Assert.True(first.Count >= 4 * projects.Count, string.Join('\n', first.Keys));
        Assert.Equal(first, second);
    }

    private static async Task<SortedDictionary<string, string>> PackAsync(
        string root,
        IEnumerable<string> projects,
        string[] frameworks
    )
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var project in projects)
            await Sdk.RunAsync(
                root,
                ["pack", Path.Combine("src", project), "-o", "packages", "-p:RunAnalyzers=false", .. frameworks]
            );
        foreach (var package in Directory.GetFiles(Path.Combine(root, "packages")))
        {
            await using var archive = await ZipFile.OpenReadAsync(package, TestContext.Current.CancellationToken);
            foreach (
                var file in archive.Entries.Where(file =>
                    Path.GetExtension(file.Name) is ".dll" or ".pdb" or ".xml" or ".nuspec"
                )
            )
            {
                await using var content = await file.OpenAsync(TestContext.Current.CancellationToken);
                hashes[$"{Path.GetFileName(package)}/{file.FullName}"] = Convert.ToHexString(
                    await SHA256.HashDataAsync(content, TestContext.Current.CancellationToken)
                );
            }
        }

        return hashes;
    }
}
