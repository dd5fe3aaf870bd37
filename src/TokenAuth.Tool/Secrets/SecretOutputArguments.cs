using System.CommandLine;

namespace TokenAuth.Tool;

/// <summary>The options of a command that hands out a secret.</summary>
internal sealed class SecretOutputArguments(string what)
{
    private readonly Option<string?> _toFile = new("--to-file")
    {
        Description = $"Writes the {what} into this file, which only you may read (0600), without a line break.",
        HelpName = "file",
    };
    private readonly Option<bool> _show = new("--show") { Description = $"Writes the {what} to a terminal too." };

    public void AddTo(Command command)
    {
        command.Add(_toFile);
        command.Add(_show);
    }

    public SecretOutput Read(ParseResult parsed, Terminal terminal) =>
        new(terminal, new SecretOutputOptions(what, parsed.GetValue(_toFile), parsed.GetValue(_show)));
}
