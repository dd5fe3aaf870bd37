namespace TokenAuth.Testing;

/// <summary>A timer of a clock that is moved by hand.</summary>
internal sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
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
        value == Timeout.InfiniteTimeSpan || (value >= TimeSpan.Zero && value.TotalMilliseconds <= uint.MaxValue - 1)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "A timer takes 0 to 4294967294 ms, or -1 for never.");
}
