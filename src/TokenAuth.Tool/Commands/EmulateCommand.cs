using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using TokenAuth.Testing;

namespace TokenAuth.Tool;

/// <summary><c>tokenauth emulate</c>: both vendors on this machine, until Ctrl+C.</summary>
internal sealed class EmulateCommand(Terminal terminal, SettingsOptions settings)
{
    public const string Name = "emulate";

    private readonly Option<int> _port = new("--port")
    {
        Description = "The port; 0 for a free one.",
        DefaultValueFactory = _ => 5080,
    };
    private readonly Option<string> _host = new("--host")
    {
        Description =
            "The address to listen on. Anybody who reaches it gets its tokens: 0.0.0.0 is for a closed network, such as that of a compose file.",
        DefaultValueFactory = _ => "127.0.0.1",
    };
    private readonly Option<string[]> _faults = new("--fault")
    {
        Description =
            $"Makes an endpoint fail: <endpoint>=<fault>, with *<times> for the next requests only; may be repeated. Endpoints: {FaultText.Endpoints}. Faults: {FaultText.Kinds}.",
        HelpName = "fault",
    };

    public Command Create()
    {
        _port.Validators.Add(result =>
        {
            if (
                result.Tokens.Count == 1
                && (
                    !int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var port)
                    || port is < 0 or > 65535
                )
            )
                result.AddError("--port takes a number from 0 to 65535.");
        });
        _host.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && AddressOf(result.Tokens[0].Value) is null)
                result.AddError("--host takes an address of this machine, for example 127.0.0.1, ::1 or 0.0.0.0.");
        });
        _faults.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => FaultText.Parse(token.Value) is null))
                result.AddError(
                    FaultText.RejectsAtTokenEndpoint(token.Value)
                        ? $"--fault has '{token.Value}': reject is for data endpoints; write {token.Value.Split('=')[0]}=401."
                        : $"--fault does not know '{token.Value}'; write for example vk-token=503 or azure-tts=reject*2. Endpoints: {FaultText.Endpoints}. Faults: {FaultText.Kinds}."
                );
        });
        var command = new Command(
            Name,
            "Runs VK Cloud's and Azure Speech's endpoints on this machine, with commands to paste."
        )
        {
            _port,
            _host,
            _faults,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));

        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        var emulator = await StartAsync(parsed, cancellationToken).ConfigureAwait(false);
        await using var _ = emulator.ConfigureAwait(false);
        foreach (var fault in parsed.GetValue(_faults) ?? [])
            FaultText.Parse(fault)!.ApplyTo(emulator.Faults);

        var isJson = settings.IsJson(parsed);
        terminal.Output.WriteLine(
            isJson
                ? JsonSerializer.Serialize(AddressesJson.Of(emulator), ToolJson.Readable.AddressesJson)
                : EmulatorGuide.Text(emulator)
        );
        await stopped.Task.ConfigureAwait(false);
        terminal.Output.WriteLine(
            isJson
                ? JsonSerializer.Serialize(LedgerJson.Of(emulator.Ledger), ToolJson.Readable.LedgerJson)
                : EmulatorGuide.Text(emulator.Ledger)
        );

        return ExitStatus.Well;
    }

    private async Task<TokenServiceEmulator> StartAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var port = parsed.GetValue(_port);
        var address = AddressOf(parsed.GetRequiredValue(_host))!;
        if (!IPAddress.IsLoopback(address))
            terminal.Say($"warning: anybody who reaches {address} on this network gets the emulator's tokens.");
        try
        {
            return await TokenServiceEmulator
                .StartAsync(new() { Port = port, Address = address }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            throw new ToolException(
                $"The emulator cannot listen on {address} port {port}: {exception.Message} Name another one with --port, or 0 for a free one.",
                ExitStatus.Failed
            );
        }
    }

    private static IPAddress? AddressOf(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : null;
}
