using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TokenAuth.Tool;

/// <summary>Passes signals on to the child, and lets this process live until the child has ended.</summary>
internal sealed class SignalRelay : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] _passed =
    [
        (PosixSignal.SIGHUP, 1),
        (PosixSignal.SIGINT, 2),
        (PosixSignal.SIGQUIT, 3),
        (PosixSignal.SIGTERM, 15),
    ];

    private readonly object _gate = new();
    private readonly List<int> _early = []; // guarded by _gate
    private readonly PosixSignalRegistration[] _registrations;
    private Process? _child; // guarded by _gate

    public SignalRelay() =>
        _registrations = [
            .. _passed.Select(passed =>
                PosixSignalRegistration.Create(passed.Signal, context => Take(context, passed.Number))
            ),
        ];

    /// <summary>From here signals go to this child; those that came before it do so now.</summary>
    public void PassTo(Process child)
    {
        lock (_gate)
        {
            _child = child;
            foreach (var signal in _early)
                Send(child, signal);
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Take(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        lock (_gate)
            if (_child is null)
                _early.Add(number);
            else if (context.Signal == PosixSignal.SIGTERM || !TerminalGroup.IsInForeground) // else the child has it already
                Send(_child, number);
    }

    private static void Send(Process child, int signal)
    {
        if (!OperatingSystem.IsWindows() && !child.HasExited)
            _ = kill(child.Id, signal);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int kill(int process, int signal);
}
