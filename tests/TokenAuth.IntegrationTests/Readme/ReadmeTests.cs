namespace TokenAuth.IntegrationTests.Readme;

public sealed class ReadmeTests
{
    private static readonly string s_text = Pages.Text("README.md");
    private static readonly string[] s_lines = s_text.TrimEnd().Split('\n');

    [Fact]
    public void It_has_fewer_than_200_lines() => Assert.InRange(s_lines.Length, 1, 199);

    [Fact]
    public void Its_two_commands_come_first()
    {
        var commands = s_lines.Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal)).Take(2);

        Assert.Equal(["dotnet run --project samples/Quickstart", "dotnet test"], commands);
        Assert.Contains("dotnet test", s_lines.Take(40));
    }

    [Fact]
    public void It_has_three_programs_and_no_other_code() =>
        Assert.Equal(
            ["web", "console", "xunit"],
            Pages.BlocksOf("README.md").Where(block => block.Language == "csharp").Select(block => block.Kind)
        );

    [Fact]
    public void It_leads_to_every_page() =>
        Assert.All(
            Pages.OfDocs.Concat(["samples/README.md", "tests/README.md", "CONTRIBUTING.md", "CHANGELOG.md"]),
            page => Assert.Contains($"]({page})", s_text, StringComparison.Ordinal)
        );

    [Fact]
    public void Its_five_errors_are_those_of_the_page_about_errors()
    {
        var errors = Pages.Table("README.md", "## The five commonest errors").TrimEnd().Split('\n');
        var all = Pages.Table("docs/errors.md", "## Messages");

        Assert.Equal(5, errors.Length);
        Assert.All(errors, row => Assert.Contains(row.Split('`')[1][..^1], all, StringComparison.Ordinal));
    }
}
