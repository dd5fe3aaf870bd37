using System.Text.RegularExpressions;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>The documentation of this repository.</summary>
internal static class Pages
{
    private static readonly Regex s_fences = new(
        @"^```(?<language>\w+)(?<kind> [\w-]+)?\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    );

    /// <summary>The repository: the tests lie in tests/…/bin/configuration/framework.</summary>
    public static string Root { get; } = Path.GetFullPath("../../../../..", AppContext.BaseDirectory);

    /// <summary>The pages of <c>docs</c>, relative to the repository.</summary>
    public static IReadOnlyList<string> OfDocs { get; } = Below("docs", "*.md");

    /// <summary>All pages that people read.</summary>
    public static IReadOnlyList<string> All { get; } =
    ["README.md", "CONTRIBUTING.md", "samples/README.md", "tests/README.md", .. OfDocs, .. Below("src", "README.md")];

    public static IEnumerable<CodeBlock> Blocks => All.SelectMany(BlocksOf);

    public static string Text(string page) => File.ReadAllText(Path.Combine(Root, page));

    /// <summary>The first table below a heading, from its first row on.</summary>
    public static string Table(string page, string heading) =>
        Text(page)
            .Split($"\n{heading}\n")[1]
            .Split("\n\n")
            .First(block => block.TrimStart().StartsWith('|'))
            .Split("|\n", 3)[2];

    public static IEnumerable<CodeBlock> BlocksOf(string page)
    {
        var text = Text(page);

        return s_fences
            .Matches(text)
            .Select(block => new CodeBlock(
                page,
                text[..block.Groups["code"].Index].Count(c => c == '\n') + 1,
                block.Groups["language"].Value,
                block.Groups["kind"].Value.Trim(),
                block.Groups["code"].Value
            ));
    }

    private static string[] Below(string folder, string pattern) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(file => !file.Contains("/bin/", StringComparison.Ordinal))
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
}
