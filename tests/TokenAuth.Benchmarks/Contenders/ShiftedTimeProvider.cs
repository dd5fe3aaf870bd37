namespace TokenAuth.Benchmarks;

/// <summary>The system's clocks, which can be put forward: hours pass at once, and milliseconds still take their time.</summary>
internal sealed class ShiftedTimeProvider : TimeProvider
{
    private long _shift; // ticks

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Volatile.Read(ref _shift));

    public override long GetTimestamp() =>
        base.GetTimestamp() + (Volatile.Read(ref _shift) * TimestampFrequency / TimeSpan.TicksPerSecond);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}
