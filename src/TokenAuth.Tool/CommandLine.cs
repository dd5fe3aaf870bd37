using System.CommandLine;
using System.CommandLine.Help;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TokenAuth.Tool;

/// <summary>All commands, and how each ends.</summary>
internal static partial class CommandLine
{
    // A grant that the vendor has given gets the time to reach the store.
    private static readonly TimeSpan _ending = TimeSpan.FromSeconds(5);

    public static RootCommand Create(Terminal terminal, SettingsOptions settings)
    {
        var root = new RootCommand(
            "Tokens of VK Cloud and Azure AI Speech at the command line. No option takes a secret."
        )
        {
            new DoctorCommand(terminal, settings, TimeProvider.System).Create(),
            new ShowCommand(terminal, settings, TimeProvider.System).Create(),
            new PrintCommand(terminal, settings, TimeProvider.System).Create(),
            new ExecCommand(terminal, settings).Create(),
            new EmulateCommand(terminal, settings).Create(),
            new KeyCommand(terminal, settings).Create(),
        };
        settings.AddTo(root);
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExample((HelpAction)help.Action!);

        return root;
    }

    public static async Task<int> RunAsync(string[] arguments, Terminal terminal)
    {
        var settings = new SettingsOptions();
        // An argument that begins with @ is curl's, not a file of ours.
        var parsed = Create(terminal, settings)
            .Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var name = parsed.CommandResult.Command.Name;
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExample)
            return Refuse(parsed, name, settings.IsJson(parsed), terminal);

        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = name is ExecCommand.Name or EmulateCommand.Name ? null : _ending,
        };
        try
        {
            return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (ToolException exception)
        {
            return Fail(
                exception.Message,
                StatusOf(exception.Status, name),
                settings.IsJson(parsed) ? name : null,
                terminal
            );
        }
        catch (OperationCanceledException)
        {
            return Fail(
                "Interrupted.",
                StatusOf(ExitStatus.Failed, name),
                settings.IsJson(parsed) ? name : null,
                terminal
            );
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or ArgumentException
                        or InvalidOperationException
                        or NotSupportedException
            )
        {
            return Fail(
                $"{(name.Length > 0 ? name : "tokenauth")} failed: {Shown(exception.Message)}",
                StatusOf(ExitStatus.Failed, name),
                settings.IsJson(parsed) ? name : null,
                terminal
            );
        }
    }

    private static string Shown(string message) =>
        string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries).Select(SecretText.Shown));

    private static int Refuse(ParseResult parsed, string name, bool isJson, Terminal terminal)
    {
        var isRoot = parsed.CommandResult.Command is RootCommand;
        var errors = parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal);
        if (isRoot && parsed.UnmatchedTokens is [var word, ..])
            errors =
            [
                $"There is no command '{word}'"
                    + (Similar(word, parsed) is { } meant ? $"; did you mean {meant}?" : "."),
            ];

        var shown = errors
            .Select(error => Quoted().Replace(error, quoted => $"'{SecretText.Shown(quoted.Groups["quoted"].Value)}'"))
            .ToList();
        foreach (var error in shown)
            terminal.Say(error);
        terminal.Say(isRoot ? "tokenauth --help lists the commands." : $"tokenauth {name} --help says more.");
        if (isJson && name != ExecCommand.Name)
            WriteJson(string.Join(' ', shown), terminal);

        return StatusOf(ExitStatus.Usage, name);
    }

    private static string? Similar(string word, ParseResult parsed) =>
        SimilarName.Of(word, parsed.RootCommandResult.Command.Subcommands.Select(command => command.Name));

    /// <param name="command">The command whose reader expects JSON on the output; null for none.</param>
    private static int Fail(string message, int status, string? command, Terminal terminal)
    {
        terminal.Say(message);
        if (command is not null and not ExecCommand.Name)
            WriteJson(message, terminal);

        return status;
    }

    private static void WriteJson(string message, Terminal terminal) =>
        terminal.Output.WriteLine(JsonSerializer.Serialize(new ErrorJson(message), ToolJson.Readable.ErrorJson));

    private static int StatusOf(int status, string command) =>
        command == ExecCommand.Name && status < ExitStatus.NotStarted ? ExitStatus.NotStarted : status;

    [GeneratedRegex("'(?<quoted>[^']*)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
