using System.CommandLine;
using System.Text.Json;
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

    [Theory]
    [InlineData("", "The name of the file is empty or has a null character; name a file.")]
    [InlineData(
        "missing/key.txt",
        "FOLDER/missing/key.txt cannot be written: there is no folder FOLDER/missing; make it first."
    )]
    [InlineData(".", "FOLDER/. is not a regular file; name a regular file, or one that does not exist yet.")]
    [InlineData("link", "FOLDER/link is not a regular file; name a regular file, or one that does not exist yet.")]
    public async Task A_file_that_cannot_be_written_is_refused_before_anything_is_fetched(string file, string message)
    {
        using var folder = new ApplicationFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link"), Path.Combine(folder.Path, "elsewhere"));
        var path = file.Length == 0 ? "" : $"{folder.Path}/{file}";

        var key = await TokenAuth.Tool.CommandLine.RunAsync(["key", "--to-file", path], _terminal);
        // Nobody is named so: the file is looked at before the settings.
        var print = await TokenAuth.Tool.CommandLine.RunAsync(["print", "nobody", "--to-file", path], _terminal);

        Assert.Equal((2, 2), (key, print));
        var line = $"tokenauth: {message.Replace("FOLDER", folder.Path, StringComparison.Ordinal)}\n";
        Assert.Equal(line + line, _error.ToString().ReplaceLineEndings("\n"));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), left => Path.GetFileName(left) != "link");
    }

    [Fact]
    public async Task An_empty_project_is_refused()
    {
        Assert.Equal(2, await TokenAuth.Tool.CommandLine.RunAsync(["show", "--project", "", "--json"], _terminal));

        const string Message =
            "--project is empty or has a null character; name the application's folder or project file.";
        Assert.Equal($"tokenauth: {Message}\n", _error.ToString().ReplaceLineEndings("\n"));
        Assert.Equal(Message, ErrorInJson());
    }

    [Theory]
    [InlineData("show", 1)]
    [InlineData("exec voice -- true", 125)]
    public async Task A_failure_that_nobody_expected_is_one_sentence_and_a_status(string arguments, int status)
    {
        using var folder = new ApplicationFolder().With(
            "app.csproj",
            "<Project><PropertyGroup><UserSecretsId>a/b</UserSecretsId></PropertyGroup></Project>"
        );
        string[] where = ["--project", folder.Path, "--environment", "Development", "--json"];

        Assert.Equal(status, await TokenAuth.Tool.CommandLine.RunAsync([.. where, .. arguments.Split(' ')], _terminal));

        Assert.StartsWith(
            $"tokenauth: {arguments.Split(' ')[0]} failed: Invalid character",
            _error.ToString(),
            StringComparison.Ordinal
        );
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
        if (status == 1)
            Assert.StartsWith("show failed: Invalid character", ErrorInJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show --store-key-from TokenStore:Key")]
    [InlineData("show --store none --store-key-from TokenStore:Key")]
    public async Task A_key_without_its_store_is_refused(string arguments)
    {
        using var folder = new ApplicationFolder();

        Assert.Equal(
            2,
            await TokenAuth.Tool.CommandLine.RunAsync([.. arguments.Split(' '), "--project", folder.Path], _terminal)
        );

        Assert.Equal(
            "tokenauth: --store-key-from is for the store that --store names, and --store names none. Add --store, or leave --store-key-from out: a store in the settings has its own EncryptionKey.\n",
            _error.ToString().ReplaceLineEndings("\n")
        );
    }

    [Theory]
    [InlineData("print --json", "Required argument 'name' missing for command: 'print'.")]
    [InlineData("--json doctr", "There is no command 'doctr'; did you mean doctor?")]
    [InlineData("emulate --port 70000 --json", "--port takes a number from 0 to 65535.")]
    public async Task A_wrong_command_line_is_JSON_for_who_asks_for_JSON(string arguments, string message)
    {
        Assert.Equal(2, await TokenAuth.Tool.CommandLine.RunAsync(arguments.Split(' '), _terminal));

        Assert.Equal(message, ErrorInJson());
        Assert.StartsWith($"tokenauth: {message}", _error.ToString(), StringComparison.Ordinal);
    }

    private string? ErrorInJson() =>
        JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("error").GetString();

    private RootCommand Root() => TokenAuth.Tool.CommandLine.Create(_terminal, new SettingsOptions());
}
