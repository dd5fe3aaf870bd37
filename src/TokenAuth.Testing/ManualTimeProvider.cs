using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TokenAuth.Testing;

/// <summary>
/// A clock that stands still until it is moved; its timers fire while it moves, in the order in which they are due and at
/// the moment they are due. Safe for concurrent use; callbacks run on the thread that moves the clock.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ManualTimeProvider : TimeProvider
{
    // What AdvanceUntilAsync takes for a delay or a pause between attempts.
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(1);

    private static readonly DateTimeOffset s_defaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly object _gate = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.ByDueTime); // guarded by _gate
    private long _timestamp = TimeSpan.TicksPerHour; // guarded by _gate; a machine has been up for some time
    private long _destination = TimeSpan.TicksPerHour; // guarded by _gate; where the advances under way end
    private TimeSpan _wallOffset; // guarded by _gate
    private long _armings; // guarded by _gate

    /// <summary>Starts the wall clock at <paramref name="start"/>, at midnight of 1 January 2026 (UTC) unless said.</summary>
    public ManualTimeProvider(DateTimeOffset? start = null) =>
        _wallOffset = TimeSpan.FromTicks((start ?? s_defaultStart).UtcTicks - _timestamp);

    /// <summary>Ten million a second: one a <see cref="TimeSpan"/> tick.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, wherever the test runs.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>
    /// How long <see cref="AdvanceUntilAsync(Task, TimeSpan, int)"/> lets work under way go on before it moves the clock to a later
    /// timer, in real time and at least: longer for sockets on a busy machine, shorter where time-outs are meant to pass.
    /// </summary>
    /// <value>Positive. 200 milliseconds unless set.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(200);

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

    /// <summary>
    /// Advances until the task has completed, so that delays and retries of the code under test pass by. While the next timer is
    /// a delay of a second at most, the clock moves step by step; while there are only later ones, such as time-outs, the work under way gets
    /// <see cref="Patience"/> in real time to go on, and then the clock moves to the next timer.
    /// </summary>
    /// <exception cref="TimeoutException">The task did not complete within <paramref name="maxSteps"/> steps.</exception>
    public async Task AdvanceUntilAsync(Task task, TimeSpan step, int maxSteps = 1_000)
    {
        for (var steps = 0; !await SettleAsync(task).ConfigureAwait(false); steps++)
        {
            if (steps == maxSteps)
                throw new TimeoutException($"The task did not complete within {maxSteps} steps of {step}.");

            Advance(NextTimer is { } next && next > step && !IsDelay(next) ? next : step);
        }

        await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="AdvanceUntilAsync(Task, TimeSpan, int)"/>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> task, TimeSpan step, int maxSteps = 1_000)
    {
        await AdvanceUntilAsync((Task)task, step, maxSteps).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <summary>Says what both clocks show.</summary>
    public override string ToString() => FormattableString.Invariant($"{GetUtcNow():O}, timestamp {GetTimestamp()}");

    private async Task<bool> SettleAsync(Task task)
    {
        for (var yields = 0; yields < 8 && !task.IsCompleted; yields++)
            await Task.Yield();

        // Turns are counted too: where processors are short, each takes as long as the work under way has to wait for its own.
        var since = System.GetTimestamp();
        var turns = 0;
        do
        {
            if (!task.IsCompleted)
                await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(1), System)).ConfigureAwait(false);
        } while (
            !task.IsCompleted
            && (++turns < Patience.TotalMilliseconds / 2 || System.GetElapsedTime(since) < Patience)
            && !(NextTimer is { } next && IsDelay(next))
        );

        return task.IsCompleted;
    }

    private static bool IsDelay(TimeSpan untilTimer) => untilTimer <= _longestDelay;

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

    private bool Change(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
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

    private void Dispose(ManualTimer timer)
    {
        lock (_gate)
        {
            timer.Disposed = true;
            _armed.Remove(timer);
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public static readonly IComparer<ManualTimer> ByDueTime = Comparer<ManualTimer>.Create(
            static (x, y) => (x.DueAt, x.Arming).CompareTo((y.DueAt, y.Arming))
        );

#pragma warning disable CA2213 // a captured context holds nothing to release
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
#pragma warning restore CA2213

        // The clock's gate guards these four; while a timer is armed, only re-arming changes the first two.
        public long DueAt { get; set; }
        public long Arming { get; set; }
        public TimeSpan Period { get; set; }
        public bool Disposed { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            clock.Change(this, Checked(dueTime, nameof(dueTime)), Checked(period, nameof(period)));

        public void Dispose() => clock.Dispose(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        public void Fire()
        {
            if (_context is null)
                callback(state);
            else
                ExecutionContext.Run(_context, static timer => ((ManualTimer)timer!).Call(), this);
        }

        private void Call() => callback(state);

        // The limits of System.Threading.Timer.
        private static TimeSpan Checked(TimeSpan value, string name) =>
            value == Timeout.InfiniteTimeSpan
            || (value >= TimeSpan.Zero && value.TotalMilliseconds <= uint.MaxValue - 1)
                ? value
                : throw new ArgumentOutOfRangeException(
                    name,
                    value,
                    "A timer takes 0 to 4294967294 ms, or -1 for never."
                );
    }
}
