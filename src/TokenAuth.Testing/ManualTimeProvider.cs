using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TokenAuth.Testing;

/// <summary>
/// A clock that stands still until you move it. While it moves, each timer fires at the moment it is due, in the order in
/// which they are due. Callbacks run on the thread that moves the clock. Safe for concurrent use.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class ManualTimeProvider : TimeProvider
{
    private static readonly DateTimeOffset s_defaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly object _gate = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.ByDueTime); // guarded by _gate
    private long _timestamp = TimeSpan.TicksPerHour; // guarded by _gate; a machine has been up for some time
    private long _destination = TimeSpan.TicksPerHour; // guarded by _gate; where the advances under way end
    private TimeSpan _wallOffset; // guarded by _gate
    private long _armings; // guarded by _gate

    /// <summary>Starts the wall clock at <paramref name="start"/>; at midnight of 1 January 2026 (UTC) when null.</summary>
    public ManualTimeProvider(DateTimeOffset? start = null) =>
        _wallOffset = TimeSpan.FromTicks((start ?? s_defaultStart).UtcTicks - _timestamp);

    /// <summary>Ten million per second, one for each <see cref="TimeSpan"/> tick.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, wherever the test runs.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The number of timers that are waiting to fire. Zero shows that the code under test left none behind.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
                return _armed.Count;
        }
    }

    /// <summary>The time by which the clock must move for the next timer to fire; null when none waits.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_gate)
                return _armed.Min is { } next ? TimeSpan.FromTicks(Math.Max(0, next.DueAt - _timestamp)) : null;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return new DateTimeOffset(_timestamp + _wallOffset.Ticks, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
            return _timestamp;
    }

    /// <summary>
    /// Makes a timer that fires while the clock advances. A timer that is due at once fires on the thread pool, as a real one does.
    /// </summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback ?? throw new ArgumentNullException(nameof(callback)), state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the wall clock and the monotonic clock forward. Fires every timer that becomes due on the way, including timers
    /// that callbacks make. If callbacks throw, this method throws the first exception once the clock has arrived.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Advance(TimeSpan by)
    {
        if (by < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(by), by, "Time does not run backwards; see JumpWallClock.");

        long destination;
        lock (_gate)
            destination = _destination += by.Ticks;
        Run(destination);
    }

    /// <summary>Sets only the wall clock, as an administrator does. Timers and timestamps do not change.</summary>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_gate)
            _wallOffset = TimeSpan.FromTicks(now.UtcTicks - _timestamp);
    }

    /// <summary>Moves only the wall clock, forwards or backwards. Timers and timestamps do not change.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_gate)
            _wallOffset += by;
    }

    /// <summary>
    /// Lets the machine sleep, as Linux does: the wall clock goes on; the monotonic clock and the timers stand still.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Suspend(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(duration), duration, "A machine does not sleep backwards.");

        JumpWallClock(duration);
    }

    /// <summary>Says what both clocks show.</summary>
    public override string ToString() => FormattableString.Invariant($"{GetUtcNow():O}, timestamp {GetTimestamp()}");

    private void Run(long destination)
    {
        ExceptionDispatchInfo? first = null;
        while (TakeDue(destination) is { } timer)
        {
            try
            {
                timer.Fire();
            }
#pragma warning disable CA1031 // the other timers are due all the same; the first exception is thrown below
            catch (Exception exception)
#pragma warning restore CA1031
            {
                first ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        first?.Throw();
    }

    private ManualTimer? TakeDue(long destination)
    {
        lock (_gate)
        {
            var next = _armed.Min;
            if (next is null || next.DueAt > destination)
            {
                _timestamp = Math.Max(_timestamp, destination);
                return null;
            }

            _armed.Remove(next);
            _timestamp = Math.Max(_timestamp, next.DueAt);
            if (next.Period > TimeSpan.Zero)
                Arm(next, next.DueAt + next.Period.Ticks);
            return next;
        }
    }

    private void Arm(ManualTimer timer, long dueAt)
    {
        timer.DueAt = dueAt;
        timer.Arming = ++_armings;
        _armed.Add(timer);
    }

    internal bool Change(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.Disposed)
                return false;

            _armed.Remove(timer);
            timer.Period = period;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;

            Arm(timer, _timestamp + dueTime.Ticks);
            // An advance under way picks it up by itself.
            if (dueTime == TimeSpan.Zero && _destination == _timestamp)
                ThreadPool.UnsafeQueueUserWorkItem(static state => ((Action)state!)(), (Action)RunDue);
            return true;
        }
    }

    private void RunDue() => Run(GetTimestamp());

    internal void Dispose(ManualTimer timer)
    {
        lock (_gate)
        {
            timer.Disposed = true;
            _armed.Remove(timer);
        }
    }
}
