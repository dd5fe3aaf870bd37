using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TokenAuth.IntegrationTests.Architecture;

/// <summary>
/// Which folder of a source tree uses the types of which other folder: as the compiler resolves the names, because one namespace hides it.
/// </summary>
internal sealed class FolderGraph
{
    public const string Root = "(root)";

    // What the SDK imports.
    private const string Imports = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions s_language = new(
        LanguageVersion.Latest,
        preprocessorSymbols: ["NET", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER"]
    );

    private readonly string _directory;
    private readonly CSharpCompilation _compilation;

    /// <param name="directory">The folder whose sub-folders are the graph's nodes.</param>
    /// <param name="files">The paths below it.</param>
    public FolderGraph(string directory, IEnumerable<string> files)
    {
        _directory = directory;
        _compilation = CSharpCompilation.Create(
            "Graph",
            files
                .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), s_language, file))
                .Append(CSharpSyntaxTree.ParseText(Imports, s_language, Path.Combine(directory, "Imports.cs"))),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(path => !Path.GetFileName(path).StartsWith("TokenAuth", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary)
        );
        References =
        [
            .. _compilation
                .SyntaxTrees.SelectMany(Of)
                .GroupBy(reference => (reference.From, reference.To))
                .Select(pair => pair.First()),
        ];
    }

    /// <summary>The first reference of each pair of folders.</summary>
    public IReadOnlyList<FolderReference> References { get; }

    /// <summary>The references from whose target there is a way back.</summary>
    public IEnumerable<FolderReference> Circles() =>
        References.Where(reference => IsReached(from: reference.To, reference.From, []));

    private bool IsReached(string from, string folder, HashSet<string> seen) =>
        References
            .Where(reference => reference.From == from && seen.Add(reference.To))
            .Any(reference => reference.To == folder || IsReached(reference.To, folder, seen));

    private IEnumerable<FolderReference> Of(SyntaxTree tree)
    {
        var model = _compilation.GetSemanticModel(tree);
        var from = FolderOf(tree.FilePath);

        return tree.GetRoot(TestContext.Current.CancellationToken)
            .DescendantNodes()
            .OfType<SimpleNameSyntax>()
            .Select(name => (Name: name, Type: TypeOf(model.GetSymbolInfo(name))))
            .Where(use => use.Type?.DeclaringSyntaxReferences.Length > 0)
            .Select(use =>
                (use.Name, use.Type, To: FolderOf(use.Type!.DeclaringSyntaxReferences[0].SyntaxTree.FilePath))
            )
            .Where(use => use.To != from)
            .Select(use => new FolderReference(from, use.To, Where(use.Name, use.Type!)));
    }

    private static INamedTypeSymbol? TypeOf(SymbolInfo info)
    {
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();

        return (symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition;
    }

    // Each vendor is a folder of its own.
    private string FolderOf(string file)
    {
        var parts = Path.GetRelativePath(_directory, file).Split(Path.DirectorySeparatorChar);

        return parts.Length == 1 ? Root
            : parts[0] == "Providers" ? $"{parts[0]}/{parts[1]}"
            : parts[0];
    }

    private string Where(SimpleNameSyntax name, INamedTypeSymbol type)
    {
        var line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

        return $"{Path.GetRelativePath(_directory, name.SyntaxTree.FilePath)}({line}) names {type.Name}";
    }
}
