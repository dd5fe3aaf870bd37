using System.ComponentModel;
using System.Diagnostics;

namespace TokenAuth.Tool;

/// <summary>Runs a command over this process's own streams.</summary>
internal sealed class ChildCommand(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables)
{
    /// <summary>Runs the child and returns its exit status; 128 and the signal's number when a signal ended it.</summary>
    /// <exception cref="ToolException">It cannot be started.</exception>
    public async Task<int> RunAsync(SignalRelay signals)
    {
        var start = new ProcessStartInfo(ProgramPath.Find(command[0]), command.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;

        using var child = Start(start);
        signals.PassTo(child);
        await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        signals.EndPassing(); // before the child is disposed

        return child.ExitCode;
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new ToolException(
                $"exec: '{SecretText.Shown(command[0])}' cannot be run: {exception.Message}",
                OperatingSystem.IsWindows() && exception.NativeErrorCode == 2
                    ? ExitStatus.NotFound
                    : ExitStatus.NotExecutable
            );
        }
    }
}
