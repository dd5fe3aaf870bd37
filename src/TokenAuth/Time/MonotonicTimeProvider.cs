namespace TokenAuth;

/// <summary>
/// A clock for back-off: its <see cref="GetUtcNow"/> follows the monotonic clock. Polly's circuit breaker reads the wall clock,
/// and one that is set back would keep the circuit open.
/// </summary>
internal sealed class MonotonicTimeProvider : TimeProvider
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _epoch;
    private readonly long _start;

    public MonotonicTimeProvider(TimeProvider time)
    {
        _time = time;
        _epoch = time.GetUtcNow();
        _start = time.GetTimestamp();
    }

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _epoch + _time.GetElapsedTime(_start);

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _time.CreateTimer(callback, state, dueTime, period);
}
