using System.CommandLine;
using System.Text.RegularExpressions;
using TokenAuth.Tool;

namespace TokenAuth.Tests.Tool;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly Terminal _terminal;

    public CommandLineTests() => _terminal = new Terminal(_output, _error);

    public static TheoryData<string> Commands => [.. HelpWithExample.Commands];

    public void Dispose()
    {
        _terminal.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_has_an_example_the_exit_statuses_and_the_common_options(string command)
    {
        Assert.Equal(0, await TokenAuth.Tool.CommandLine.RunAsync([command, "--help"], _terminal));

        Assert.Matches($"Example:\n  tokenauth {command} ", _output.ToString().ReplaceLineEndings("\n") + " ");
        Assert.Contains("Exit status: ", _output.ToString(), StringComparison.Ordinal);
        foreach (var option in new[] { "--json", "--config", "--project" })
            Assert.Contains(option, _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void Every_command_has_help_of_its_own() =>
        Assert.Equal(
            HelpWithExample.Commands.Order(StringComparer.Ordinal),
            Root().Subcommands.Select(command => command.Name).Order(StringComparer.Ordinal)
        );

    // Arguments are seen by every process of the machine.
    [Fact]
    public void No_option_takes_a_secret()
    {
        var root = Root();

        var taking = root
            .Options.Concat(root.Subcommands.SelectMany(command => command.Options))
            .Where(option => option.ValueType != typeof(bool))
            .Select(option => option.Name)
            .Where(name => Regex.IsMatch(name, "token|secret|key|password|credential|connection"));

        Assert.Equal(["--store-key-from"], taking); // the name of a setting
    }

    [Theory]
    [InlineData("print", 2, "tokenauth: Required argument 'name' missing for command: 'print'.")]
    [InlineData("doctr", 2, "tokenauth: There is no command 'doctr'; did you mean doctor?")]
    [InlineData("exec voice", 125, "tokenauth: Required argument 'command' missing for command: 'exec'.")]
    [InlineData(
        "exec voice ls",
        125,
        "tokenauth: Write -- between the provider and the command, for example tokenauth exec speech -- ls -l."
    )]
    [InlineData("emulate --port 70000", 2, "tokenauth: --port takes a number from 0 to 65535.")]
    [InlineData(
        "emulate --host example.com",
        2,
        "tokenauth: --host takes an address of this machine, for example 127.0.0.1, ::1 or 0.0.0.0."
    )]
    public async Task A_wrong_command_line_ends_with_its_own_status(string arguments, int status, string message)
    {
        Assert.Equal(status, await TokenAuth.Tool.CommandLine.RunAsync(arguments.Split(' '), _terminal));

        Assert.Equal(message, _error.ToString().Split('\n')[0].TrimEnd());
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task A_token_that_was_pasted_as_an_argument_is_not_repeated()
    {
        const string Token = "eyJhbGciOiJIUzI1NiJ9.eyJyZWdpb24iOiJ3ZXN0ZXVyb3BlIiwiZXhwIjoxfQ.c2lnbmF0dXJl";

        await TokenAuth.Tool.CommandLine.RunAsync(["doctor", "a", Token], _terminal);

        Assert.DoesNotContain(Token, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("'…'", _error.ToString(), StringComparison.Ordinal);
    }

    private RootCommand Root() => TokenAuth.Tool.CommandLine.Create(_terminal, new SettingsOptions());
}
