using System.Collections.Frozen;
using System.Runtime.InteropServices;
using TokenAuth.Tool;

namespace TokenAuth.Tests.Tool;

public sealed class SignalRelayTests
{
    [Fact]
    public async Task A_signal_after_the_childs_end_changes_nothing()
    {
        using var signals = new SignalRelay();
        var status = await new ChildCommand(["true"], FrozenDictionary<string, string>.Empty).RunAsync(signals);
        var signal = new PosixSignalContext(PosixSignal.SIGTERM);

        signals.Take(signal, 15);

        Assert.Equal(0, status);
        Assert.True(signal.Cancel); // this process goes on to clean up
        Assert.Null(signals.Stopped);
        Assert.False(signals.Stopping.IsCancellationRequested);
    }

    [Fact]
    public void A_signal_that_is_handled_after_the_relays_end_changes_nothing()
    {
        var signals = new SignalRelay();
        signals.Dispose();
        var signal = new PosixSignalContext(PosixSignal.SIGTERM);

        signals.Take(signal, 15);

        Assert.True(signal.Cancel);
        Assert.Null(signals.Stopped);
    }
}
