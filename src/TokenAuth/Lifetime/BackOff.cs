namespace TokenAuth;

/// <summary>
/// Decides when a failing vendor may be asked again. The first call after a first failure may try at once; repeated failures hold the next one
/// back for a pause of one second that grows to 30; a vendor's <c>Retry-After</c> lengthens it. The monotonic clock measures the pause: a wall
/// clock that is set back would keep callers waiting.
/// </summary>
/// <param name="jitter">Where in the last quarter of a pause it ends: 0 to 1.</param>
internal sealed class BackOff(TimeProvider time, Func<double> jitter)
{
    private const double LongestPause = 30;
    private static readonly TimeSpan _remembered = TimeSpan.FromMinutes(1);

    private int _failuresInARow; // used by the one renewal
    private Pause? _pause; // written by the one renewal, read by anybody

    /// <summary>The failure that began the current pause; null when the vendor may be asked.</summary>
    public RenewalFailure? HeldBackBy => NextAttempt is null ? null : Volatile.Read(ref _pause)?.Cause;

    /// <summary>The time until the vendor may be asked; null when it may be asked now.</summary>
    public TimeSpan? NextAttempt =>
        Volatile.Read(ref _pause) is { } pause
        && pause.Length - time.GetElapsedTime(pause.Since) is var left
        && left > TimeSpan.Zero
            ? left
            : null;

    /// <summary>True for a minute after the last failure, also when the vendor has worked since.</summary>
    public bool HasJustFailed =>
        Volatile.Read(ref _pause) is { } last && time.GetElapsedTime(last.Since) is var age && age < _remembered;

    /// <summary>The vendor works: for this process or, as the store shows, for another one.</summary>
    public void Succeeded() => _failuresInARow = 0;

    public void Failed(RenewalFailure failure)
    {
        _failuresInARow++;
        var length = LengthAfter(_failuresInARow);
        if (failure.RetryAfter > length)
            length = failure.RetryAfter.Value;

        Volatile.Write(ref _pause, new Pause(time.GetTimestamp(), length, failure));
    }

    private TimeSpan LengthAfter(int failures) =>
        failures == 1
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 2), LongestPause) * (0.75 + (0.25 * jitter())));

    private sealed record Pause(long Since, TimeSpan Length, RenewalFailure Cause);
}
