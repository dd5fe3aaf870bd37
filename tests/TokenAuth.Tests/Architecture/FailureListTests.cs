using System.Globalization;
using System.Text.RegularExpressions;

namespace TokenAuth.Tests.Architecture;

public sealed class FailureListTests
{
    private static readonly string _tests = Path.Combine(RepositoryRoot.Path, "tests");

    [Fact]
    public void Every_failure_in_the_list_has_a_marked_test_and_every_mark_is_in_the_list()
    {
        var listed = Numbers(File.ReadAllText(Path.Combine(_tests, "failures.md")), @"^\| (\d+) \|");
        var marked = Directory
            .GetFiles(_tests, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Numbers(File.ReadAllText(file), """^\s*\[.*\bTrait\("Failure", "(\d+)"\)\]"""));

        Assert.Equal(Enumerable.Range(1, 50), listed.Take(50));
        Assert.Equal(listed.Distinct(), listed);
        Assert.Equal(listed.Order(), marked.Distinct().Order());
    }

    private static IReadOnlyList<int> Numbers(string text, string pattern) =>
        [
            .. Regex
                .Matches(text, pattern, RegexOptions.Multiline)
                .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
        ];
}
