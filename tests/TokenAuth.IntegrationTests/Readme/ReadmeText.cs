using System.Text.RegularExpressions;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>The README of this repository.</summary>
internal static class ReadmeText
{
    private static readonly Regex s_fences = new(
        @"^```(?<language>\w*)\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    );

    /// <summary>The repository: the tests lie in tests/…/bin/configuration/framework.</summary>
    public static string Root { get; } = Path.GetFullPath("../../../../..", AppContext.BaseDirectory);

    public static string Whole { get; } = File.ReadAllText(Path.Combine(Root, "README.md"));

    /// <summary>The code of one language, and the line on which each block begins.</summary>
    public static IEnumerable<(int Line, string Code)> Blocks(string language) => Blocks(Whole, language);

    /// <summary>The same of another page.</summary>
    public static IEnumerable<(int Line, string Code)> Blocks(string page, string language) =>
        s_fences
            .Matches(page)
            .Where(block => block.Groups["language"].Value == language)
            .Select(block =>
                (page[..block.Groups["code"].Index].Count(c => c == '\n') + 1, block.Groups["code"].Value)
            );
}
