using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TokenAuth.Tool;

/// <summary>Passes signals on to the child, and lets this process live until the child has ended. Before there is a child, a signal ends the fetch.</summary>
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
    private readonly CancellationTokenSource _stopping = new();
    private volatile ToolException? _stopped;
    private readonly PosixSignalRegistration[] _registrations;
    private Process? _child; // guarded by _gate
    private bool _hasEnded; // the child, or this relay; guarded by _gate

    public SignalRelay() =>
        _registrations = [
            .. _passed.Select(passed =>
                PosixSignalRegistration.Create(passed.Signal, context => Take(context, passed.Number))
            ),
        ];

    /// <summary>Ends with a signal that comes before the child.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>The end of this process by such a signal; null when none came.</summary>
    public ToolException? Stopped => _stopped;

    /// <summary>Sends signals to this child from now on, and at once those that came before it.</summary>
    public void PassTo(Process child)
    {
        lock (_gate)
        {
            _child = child;
            foreach (var signal in _early)
                Send(child, signal);
        }
    }

    /// <summary>Sends nothing more: the child has ended, and this process lives on to clean up.</summary>
    public void EndPassing()
    {
        lock (_gate)
            (_child, _hasEnded) = (null, true);
    }

    public void Dispose()
    {
        EndPassing(); // a signal that came before the registrations end may be handled after them
        foreach (var registration in _registrations)
            registration.Dispose();
        _stopping.Dispose();
    }

    internal void Take(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        lock (_gate)
        {
            if (_hasEnded)
                return;

            if (_child is { } child)
            {
                if (context.Signal == PosixSignal.SIGTERM || !TerminalGroup.IsInForeground) // else the child has it already
                    Send(child, number);
                return;
            }

            _early.Add(number);
            _stopped ??= new ToolException(
                $"{context.Signal} came before the command was started, so it was not started.",
                ExitStatus.Signal + number
            );
            _ = _stopping.CancelAsync(); // its callbacks run elsewhere
        }
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
