using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using TokenAuth.Tests.Storage;

namespace TokenAuth.IntegrationTests.Package;

[Collection(PackedOnce.Name)]
public sealed class ReproducibleBuildTests
{
    private static readonly string[] _built = [".dll", ".pdb", ".xml", ".nuspec", ".props", ".js", ".ts"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Builds all packages in two folders and compares.</summary>
    [FullRunFact]
    public async Task The_folder_of_a_build_does_not_show_in_its_bytes()
    {
        using var here = new SourceCopy("a-");
        using var there = new SourceCopy("another-and-longer-one-");

        var first = await PackAsync(here.Root);

        Assert.True(first.Count >= 4 * Packages.Names.Count, string.Join('\n', first.Keys));
        Assert.Empty(first.Except(await PackAsync(there.Root)).Select(file => file.Key));
    }

    /// <summary>The hash of each file that was built, none of which names the folder.</summary>
    private static async Task<SortedDictionary<string, string>> PackAsync(string root)
    {
        var folder = Encoding.UTF8.GetBytes(Path.GetFileName(root));
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var project in Packages.Names.Append(Packages.Tool))
            await Sdk.RunAsync(root, ["pack", Path.Combine("src", project), "-o", "packages", "-p:RunAnalyzers=false"]);
        foreach (var package in Directory.GetFiles(Path.Combine(root, "packages")))
        {
            await using var archive = await ZipFile.OpenReadAsync(package, Stop);
            foreach (var file in archive.Entries.Where(file => _built.Contains(Path.GetExtension(file.Name))))
            {
                await using var content = await file.OpenAsync(Stop);
                using var bytes = new MemoryStream();
                await content.CopyToAsync(bytes, Stop);

                Assert.False(bytes.ToArray().AsSpan().IndexOf(folder) >= 0, $"{file.FullName} names {root}.");
                hashes[$"{Path.GetFileName(package)}/{file.FullName}"] = Convert.ToHexString(
                    SHA256.HashData(bytes.ToArray())
                );
            }
        }

        return hashes;
    }
}
