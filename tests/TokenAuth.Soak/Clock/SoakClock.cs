using System.Diagnostics;
using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>
/// Token time: <see cref="Speed"/> times as fast as the real one, but as slow as that while a renewal or the database is at work,
/// so that time-outs are what they are in production and sockets have their time. The vendors' clock is right, the machines' may jump.
/// </summary>
internal sealed class SoakClock : IAsyncDisposable
{
    public const int Speed = 60;

    // Should the machine be too busy to tick, token time waits for it: what takes long is no fault of the code under test.
    private static readonly TimeSpan s_longestStep = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _ending = new();
    private readonly WorkUnderWay _work;
    private readonly long _start;
    private readonly DateTimeOffset _vendorStart;
    private readonly Task _ticking;

    public SoakClock(WorkUnderWay work)
    {
        _work = work;
        _start = Machines.GetTimestamp();
        _vendorStart = Vendors.GetUtcNow();
        _ticking = Task.Run(TickAsync);
    }

    /// <summary>The clock that the fleet is given.</summary>
    public ManualTimeProvider Machines { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>The clock of the token services.</summary>
    public ManualTimeProvider Vendors { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>How long the machines have been awake.</summary>
    public TimeSpan Awake => Machines.GetElapsedTime(_start);

    /// <summary>How long the vendors have been running.</summary>
    public TimeSpan Elapsed => Vendors.GetUtcNow() - _vendorStart;

    /// <summary>What a timer threw; null while all is well.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Waits while the machines are awake.</summary>
    public async Task DelayAsync(TimeSpan tokenTime, CancellationToken cancellationToken)
    {
        await Task.Delay(tokenTime, Machines, cancellationToken);
        await Task.Yield(); // the clock's own thread is needed for ticking
    }

    /// <summary>Looks every now and then until it is so, or the time is over.</summary>
    public async Task<bool> UntilAsync(Func<bool> isSo, TimeSpan atMost, CancellationToken cancellationToken)
    {
        for (var start = Awake; Awake - start < atMost; )
        {
            if (isSo())
                return true;
            await Task.Delay(s_look, TimeProvider.System, cancellationToken);
        }

        return isSo();
    }

    /// <summary>The machines' wall clocks are set.</summary>
    public async Task JumpAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        await IdleAsync(cancellationToken);
        Machines.JumpWallClock(by);
    }

    /// <summary>The machines sleep, the vendors do not.</summary>
    public async Task SuspendAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        await IdleAsync(cancellationToken);
        Vendors.JumpWallClock(duration);
        Machines.Suspend(duration);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _ticking;
        _ending.Dispose();
    }

    // In the middle of an exchange a jump of an hour means an answer that has expired on arrival: that renewal fails by right.
    private Task<bool> IdleAsync(CancellationToken cancellationToken) =>
        UntilAsync(() => !_work.IsAnyUnderWay, TimeSpan.FromMinutes(5), cancellationToken);

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(s_tick);
        var last = Stopwatch.GetTimestamp();
        while (!_ending.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var now = Stopwatch.GetTimestamp();
            var step = Stopwatch.GetElapsedTime(last, now) * (_work.IsAnyUnderWay ? 1 : Speed);
            last = now;
            Advance(step < s_longestStep ? step : s_longestStep);
        }
    }

    // The machines first: no token is alive on a machine and dead at the vendor.
    private void Advance(TimeSpan step)
    {
#pragma warning disable CA1031 // a clock that stands still would hang the run instead of failing it
        try
        {
            Machines.Advance(step);
        }
        catch (Exception exception)
        {
            Fault ??= exception;
        }
#pragma warning restore CA1031
        Vendors.Advance(step);
    }
}
