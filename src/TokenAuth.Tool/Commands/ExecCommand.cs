using System.CommandLine;
using System.CommandLine.Parsing;

namespace TokenAuth.Tool;

/// <summary><c>tokenauth exec</c>: runs a command that finds the token in its environment or in a file, never in its arguments.</summary>
internal sealed class ExecCommand(Terminal terminal, SettingsOptions settings)
{
    public const string Name = "exec";
    public const string HeaderFile = "{header-file}";
    public const string TokenFile = "{token-file}";

    private const string TokenVariable = "TOKENAUTH_TOKEN";

    private readonly Argument<string> _name = new("name") { Description = "The provider." };
    private readonly Argument<string[]> _command = new("command")
    {
        Description =
            $"After --, the command and its arguments; {HeaderFile} and {TokenFile} in them become the names of files that are kept fresh while it runs.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _env = new("--env")
    {
        Description =
            $"The environment variable that gets the token: {TokenVariable} by default, unless a file is used. It is not renewed.",
        HelpName = "variable",
    };
    private readonly Option<bool> _files = new("--files")
    {
        Description =
            "Makes the files also where no argument names them; TOKENAUTH_HEADER_FILE and TOKENAUTH_TOKEN_FILE say where they are.",
    };
    private readonly Option<bool> _spend = SpendOption.Create();

    public Command Create()
    {
        var command = new Command(
            Name,
            "Runs a command with a token in its environment or in a file, never in its arguments."
        )
        {
            _name,
            _command,
            _env,
            _files,
            _spend,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));

        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        // Without it, options of the command would be taken for options of this one.
        if (!parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            throw new ToolException(
                "Write -- between the provider and the command, for example tokenauth exec speech -- ls -l.",
                ExitStatus.NotStarted
            );

        using var signals = new SignalRelay();
        var providers = ApplicationProviders.Open(settings.Read(parsed), parsed.GetRequiredValue(_name), terminal);
        await using var _ = providers.ConfigureAwait(false);
        var command = parsed.GetRequiredValue(_command);
        var hasFiles = parsed.GetValue(_files) || command.Any(NamesFile);
        var token = await FetchAsync(providers, parsed.GetValue(_spend), hasFiles, signals).ConfigureAwait(false);

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parsed.GetValue(_env) is { } variable)
            variables[variable] = token.Value;
        if (hasFiles)
            return await RunWithFilesAsync(command, variables, providers.All.Single().Provider!, token, signals)
                .ConfigureAwait(false);

        if (variables.Count == 0)
            variables[TokenVariable] = token.Value;

        return await new ChildCommand(command, variables).RunAsync(signals).ConfigureAwait(false);
    }

    private static async Task<AccessToken> FetchAsync(
        ApplicationProviders providers,
        bool maySpend,
        bool isRenewed,
        SignalRelay signals
    )
    {
        try
        {
            var token = await TokenFetch
                .TokenAsync(providers, maySpend, isRenewed, signals.Stopping)
                .ConfigureAwait(false);

            return signals.Stopped is { } stopped ? throw stopped : token;
        }
        catch (OperationCanceledException) when (signals.Stopped is not null)
        {
            throw signals.Stopped;
        }
    }

    private static async Task<int> RunWithFilesAsync(
        string[] command,
        Dictionary<string, string> variables,
        ITokenProvider provider,
        AccessToken token,
        SignalRelay signals
    )
    {
        using var files = new TokenFiles();
        files.Write(token);
        using var fresh = provider.KeepFresh(files.Write);
        variables["TOKENAUTH_HEADER_FILE"] = files.HeaderFile;
        variables["TOKENAUTH_TOKEN_FILE"] = files.TokenFile;
        var named = command.Select(argument =>
            argument
                .Replace(HeaderFile, files.HeaderFile, StringComparison.Ordinal)
                .Replace(TokenFile, files.TokenFile, StringComparison.Ordinal)
        );

        return await new ChildCommand([.. named], variables).RunAsync(signals).ConfigureAwait(false);
    }

    private static bool NamesFile(string argument) =>
        argument.Contains(HeaderFile, StringComparison.Ordinal)
        || argument.Contains(TokenFile, StringComparison.Ordinal);
}
