using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TokenAuth.Tool;

/// <summary>The library's help, and below it an example of the command.</summary>
internal sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> _examples = new(StringComparer.Ordinal)
    {
        ["doctor"] =
        [
            "tokenauth doctor speech --project src/Shop",
            "tokenauth doctor --json | jq '.providers[].findings'",
        ],
        ["show"] = ["tokenauth show voice --environment Production"],
        ["print"] = ["tokenauth print speech --to-file token.txt", "tokenauth print speech | wl-copy"],
        ["exec"] =
        [
            "tokenauth exec speech -- curl -sS -X POST -H @{header-file} https://westeurope.tts.speech.microsoft.com/…",
            "tokenauth exec vision -- curl -sS --url-query oauth_provider=mcs --url-query oauth_token@{token-file} https://smarty.mail.ru/…",
        ],
        ["emulate"] = ["tokenauth emulate --port 5080 --fault vk-token=503*2"],
        ["key"] = ["tokenauth key --to-file store.key", "tokenauth key --json | dotnet user-secrets set"],
    };

    public static IReadOnlyCollection<string> Commands => _examples.Keys;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var status = help.Invoke(parseResult);
        var name = parseResult.CommandResult.Command.Name;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(_examples.ContainsKey(name) ? "Example:" : "Start with:");
        foreach (var example in _examples.GetValueOrDefault(name, ["tokenauth doctor"]))
            output.WriteLine($"  {example}");
        output.WriteLine();
        output.WriteLine(
            name == ExecCommand.Name
                ? "Exit status: the command's own; 125 when tokenauth failed, 126 or 127 when the command cannot be run or does not exist."
                : "Exit status: 0 success, 1 a finding or a failure, 2 a wrong command line."
        );

        return status;
    }
}
