using System.Text.RegularExpressions;

namespace TokenAuth.ClientTests;

public sealed class RecipePageTests
{
    private static readonly string s_root = Path.GetFullPath("../../../../..", AppContext.BaseDirectory);
    private static readonly string[] s_pages =
    [
        .. Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "recipes*.md").Select(File.ReadAllText),
    ];

    [Fact]
    public void The_code_of_the_pages_is_the_code_of_the_tests()
    {
        var fences = s_pages
            .SelectMany(page =>
                Regex.Matches(
                    page,
                    "^```csharp recipe\n(?<code>.*?)^```$",
                    RegexOptions.Multiline | RegexOptions.Singleline
                )
            )
            .Select(fence => fence.Groups["code"].Value);

        Assert.Equal(Recipes().Order(StringComparer.Ordinal), fences.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_page_is_short() => Assert.All(s_pages, page => Assert.InRange(page.Count(c => c == '\n'), 1, 149));

    private static IEnumerable<string> Recipes() =>
        Directory
            .EnumerateFiles(Path.Combine(s_root, "tests/TokenAuth.ClientTests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file =>
                Regex.Matches(
                    File.ReadAllText(file),
                    @"^(?<indent> *)// recipe: .*?\n(?<code>.*?)^\k<indent>// end of recipe$",
                    RegexOptions.Multiline | RegexOptions.Singleline
                )
            )
            .Select(recipe =>
                Regex.Replace(
                    recipe.Groups["code"].Value.TrimEnd() + "\n",
                    "^" + recipe.Groups["indent"].Value,
                    "",
                    RegexOptions.Multiline
                )
            );
}
