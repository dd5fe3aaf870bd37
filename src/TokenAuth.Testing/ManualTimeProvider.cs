using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TokenAuth.Testing;

/// <summary>
/// A clock that stands still until it is moved; its timers fire while it moves, in the order in which they are due and at
/// the moment they are due. Safe for concurrent use; callbacks run on the thread that moves the clock.
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

    /// <summary>Ten million a second: one a <see cref="TimeSpan"/> tick.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, wherever the test runs.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are waiting to fire: zero when nothing was left behind.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
                return _armed.Count;
        }
    }

    /// <summary>How far the clock must move for the next timer to fire; null when none waits.</summary>
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
    /// Makes a timer that fires while the clock advances; one that is due at once fires on the thread pool, as a real one.
    /// </summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback ?? throw new ArgumentNullException(nameof(callback)), state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves both clocks forward and fires every timer that becomes due on the way, also those which a callback made. The
    /// first exception of a callback is thrown when the clock has arrived.
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

    /// <summary>Sets the wall clock alone, as an administrator does: timers and timestamps do not notice.</summary>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_gate)
            _wallOffset = TimeSpan.FromTicks(now.UtcTicks - _timestamp);
    }

    /// <summary>Moves the wall clock alone, forwards or backwards: timers and timestamps do not notice.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_gate)
            _wallOffset += by;
    }

    /// <summary>
    /// The machine sleeps: the wall clock goes on, the monotonic clock and the timers stand still, as Linux has it.
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
