using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;

namespace TokenAuth.Tool;

/// <summary><c>tokenauth key</c>: a new <c>EncryptionKey</c> for a store.</summary>
internal sealed class KeyCommand(Terminal terminal, SettingsOptions settings)
{
    private const int Length = 32;

    private readonly SecretOutputArguments _output = new("key");

    public Command Create()
    {
        var command = new Command("key", "Makes an EncryptionKey for a token store: 32 random bytes in base64.");
        _output.AddTo(command);
        command.SetAction(Run);

        return command;
    }

    private int Run(ParseResult parsed)
    {
        var output = _output.Read(parsed, terminal);
        output.Check();

        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length));
        output.Write(settings.IsJson(parsed) ? Json($"{settings.Read(parsed).Section}:Store:EncryptionKey", key) : key);

        return ExitStatus.Well;
    }

    // As "dotnet user-secrets set" reads it.
    private static string Json(string name, string key) =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>(StringComparer.Ordinal) { [name] = key },
            ToolJson.Readable.DictionaryStringString
        );
}
