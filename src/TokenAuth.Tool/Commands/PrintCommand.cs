using System.CommandLine;
using System.Text.Json;

namespace TokenAuth.Tool;

/// <summary><c>tokenauth print</c>: a token for one call, where nobody else reads it.</summary>
internal sealed class PrintCommand(Terminal terminal, SettingsOptions settings, TimeProvider time)
{
    private readonly Argument<string> _name = new("name") { Description = "The provider." };
    private readonly SecretOutputArguments _output = new("token");
    private readonly Option<bool> _spend = SpendOption.Create();

    public Command Create()
    {
        var command = new Command("print", "Writes a token into a pipe or a file; to a terminal only with --show.")
        {
            _name,
            _spend,
        };
        _output.AddTo(command);
        command.SetAction(RunAsync);

        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = _output.Read(parsed, terminal);
        output.Check();

        var providers = ApplicationProviders.Open(settings.Read(parsed), parsed.GetRequiredValue(_name), terminal);
        await using var _ = providers.ConfigureAwait(false);
        var token = await TokenFetch
            .TokenAsync(providers, parsed.GetValue(_spend), isRenewed: false, cancellationToken)
            .ConfigureAwait(false);

        output.Write(settings.IsJson(parsed) ? Json(token) : token.Value);

        return ExitStatus.Well;
    }

    private string Json(AccessToken token) =>
        JsonSerializer.Serialize(
            new TokenJson(
                token.Value,
                token.ExpiresAt,
                token.ExpiresAt is { } end ? Moment.Seconds(end, time.GetUtcNow()) : null
            ),
            ToolJson.Readable.TokenJson
        );
}
