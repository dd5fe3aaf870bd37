using System.Reflection;
using System.Text.RegularExpressions;
using TokenAuth.Tests.Architecture;
using TokenAuth.Tool;

namespace TokenAuth.Tests.Tool;

/// <summary>Whoever gets a code of the command line finds it on its page.</summary>
public sealed class ToolCodeTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "cli.md"));

    [Fact]
    public void Every_code_is_an_anchor_of_the_page_and_the_page_has_no_other() =>
        Assert.Equal(
            typeof(ToolCode)
                .GetFields(BindingFlags.Static | BindingFlags.Public)
                .Select(code => ((ToolCode)code.GetValue(null)!).Name)
                .Order(StringComparer.Ordinal),
            Regex
                .Matches(_page, "<a id=\"([^\"]+)\">")
                .Select(match => match.Groups[1].Value)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_page_has_every_command_fault_and_common_option()
    {
        using var terminal = new Terminal(TextWriter.Null, TextWriter.Null);
        var root = TokenAuth.Tool.CommandLine.Create(terminal, new SettingsOptions());

        Assert.All(root.Subcommands, command => Assert.Contains($"| `{command.Name}", _page, StringComparison.Ordinal));
        Assert.All(
            root.Options.Where(option => option.Recursive && option.Name != "--help"),
            option => Assert.Contains($"| `{option.Name}", _page, StringComparison.Ordinal)
        );
        Assert.All(
            FaultText.Endpoints.Split(", "),
            endpoint => Assert.Contains($"`{endpoint}`", _page, StringComparison.Ordinal)
        );
    }
}
