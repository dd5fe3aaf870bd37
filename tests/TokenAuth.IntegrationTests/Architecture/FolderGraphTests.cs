using TokenAuth.IntegrationTests.Package;

namespace TokenAuth.IntegrationTests.Architecture;

/// <summary>A reader who goes from the top of the tree down meets no arrow that leads back up.</summary>
public sealed class FolderGraphTests
{
    // From the top; those of one line may use each other, where that is no circle.
    private static readonly string[] _order =
    [
        "DependencyInjection",
        "Health",
        "Handlers",
        "Tenants",
        "Providers",
        "Registration",
        "Lifetime",
        "Rejections",
        "Storage",
        "Wire",
        "Telemetry",
        "Time",
        FolderGraph.Root,
    ];

    private static readonly Lazy<FolderGraph> _ofThePackage = new(ReadThePackage);

    [Fact]
    public void The_folders_of_the_package_form_no_circle_and_their_arrows_go_downward()
    {
        var graph = _ofThePackage.Value;

        Assert.True(graph.References.Count > 30);
        Assert.Empty(graph.Circles());
        Assert.DoesNotContain(graph.References, reference => Rank(reference.From) > Rank(reference.To));
    }

    [Fact]
    public void Above_the_vendors_only_the_list_of_built_in_kinds_and_their_tenants_name_one()
    {
        var above = _ofThePackage.Value.References.Where(reference =>
            reference.To.StartsWith("Providers/", StringComparison.Ordinal)
            && !reference.From.StartsWith("Providers/", StringComparison.Ordinal)
            && reference.From != "Tenants"
        );

        Assert.All(
            above,
            reference =>
                Assert.StartsWith("DependencyInjection/BuiltInKinds.cs", reference.Where, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_circle_is_told_with_file_line_and_type()
    {
        var directory = Directory.CreateTempSubdirectory("tokenauth-graph-");
        try
        {
            Write(directory, "Upper/One.cs", "class One { Two? _two; }");
            Write(directory, "Middle/Two.cs", "class Two\n{\n    void Run() => 1.Tell();\n}");
            Write(
                directory,
                "Lower/Three.cs",
                "static class Three { public static void Tell(this int n) { } object _ = new One(); }"
            );
            Write(directory, "Lower/Four.cs", "class Four : System.IDisposable { public void Dispose() { } }");

            var graph = new FolderGraph(
                directory.FullName,
                Directory.GetFiles(directory.FullName, "*.cs", SearchOption.AllDirectories)
            );

            Assert.Equal(
                [
                    "Lower -> Upper: Lower/Three.cs(1) names One",
                    "Middle -> Lower: Middle/Two.cs(3) names Three",
                    "Upper -> Middle: Upper/One.cs(1) names Two",
                ],
                graph.Circles().Select(reference => reference.ToString()).Order()
            );
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static FolderGraph ReadThePackage()
    {
        var sources = Path.Combine(Sdk.Repository, "src", "TokenAuth");
        string[] left = ["bin", "obj", Path.Combine("Time", "NetStandard")];

        return new(
            sources,
            Directory
                .GetFiles(sources, "*.cs", SearchOption.AllDirectories)
                .Where(file =>
                    !left.Any(folder =>
                        Path.GetRelativePath(sources, file)
                            .StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                    )
                )
        );
    }

    private static int Rank(string folder)
    {
        var rank = Array.IndexOf(_order, folder.Split('/')[0]);

        return rank >= 0 ? rank : throw new InvalidOperationException($"Say where the folder '{folder}' stands.");
    }

    private static void Write(DirectoryInfo directory, string file, string text)
    {
        var path = Path.Combine(directory.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
