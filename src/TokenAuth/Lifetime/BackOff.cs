namespace TokenAuth;

/// <summary>
/// Decides when a failing vendor may be asked again. The first call after a first failure may try at once; repeated failures hold the next one
/// back for one second growing to 30; a vendor's <c>Retry-After</c> lengthens that. By the monotonic clock: one that is set back would keep
/// callers waiting.
/// </summary>
/// <param name="jitter">Where in the last quarter of a break it ends: 0 to 1.</param>
internal sealed class BackOff(TimeProvider time, Func<double> jitter)
{
    private const double LongestBreak = 30;

    private int _failuresInARow; // used by the one renewal
    private Hold? _hold; // written by the one renewal, read by anybody

    /// <summary>The failure that began the current pause; null when it may be asked.</summary>
    public RenewalFailure? HeldBackBy => NextAttempt is null ? null : Volatile.Read(ref _hold)?.Cause;

    /// <summary>The time until the vendor may be asked; null when it may be asked now.</summary>
    public TimeSpan? NextAttempt =>
        Volatile.Read(ref _hold) is { } hold
        && hold.Length - time.GetElapsedTime(hold.Since) is var left
        && left > TimeSpan.Zero
            ? left
            : null;

    /// <summary>The vendor works: for this process or, as the store shows, for another one.</summary>
    public void Succeeded() => _failuresInARow = 0;

    public void Failed(RenewalFailure failure)
    {
        _failuresInARow++;
        var length = Break(_failuresInARow);
        if (failure.RetryAfter > length)
            length = failure.RetryAfter.Value;

        Volatile.Write(ref _hold, new Hold(time.GetTimestamp(), length, failure));
    }

    private TimeSpan Break(int failures) =>
        failures == 1
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 2), LongestBreak) * (0.75 + (0.25 * jitter())));

    private sealed record Hold(long Since, TimeSpan Length, RenewalFailure Cause);
}
