using System.Diagnostics;
using System.Globalization;

namespace TokenAuth.Benchmarks;

/// <summary>One process of a fleet, as the one that started it sees it.</summary>
internal sealed class FleetMember : IDisposable
{
    private readonly Process _process;

    private FleetMember(Process process) => _process = process;

    public static FleetMember Start(FleetServer server, string encryptionKey)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                typeof(FleetMember).Assembly.Location,
                FleetMemberProgram.Verb,
                server.Name,
                server.Address,
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment[FleetMemberProgram.EncryptionKey] = encryptionKey;

        return new(Process.Start(start)!);
    }

    /// <summary>Returns when it has a connection.</summary>
    public async Task UntilReadyAsync()
    {
        if (await ReadLineAsync() is not FleetMemberProgram.Ready and var line)
            throw new InvalidOperationException($"A process of a fleet said '{line}'.");
    }

    public void Renew(int records) => WriteLine(records.ToString(CultureInfo.InvariantCulture));

    public void Pause() => WriteLine("");

    /// <summary>How many renewals it made before the pause.</summary>
    public async Task<int> RenewalsAsync() => int.Parse(await ReadLineAsync(), CultureInfo.InvariantCulture);

    /// <summary>It ends by itself when its input does.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    private async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException("A process of a fleet ended too early.");
}
