namespace TokenAuth.Soak;

/// <summary>How many calls an endpoint that fails may get.</summary>
internal static class FailingCalls
{
    private const int AttemptsInSeries = 3;
    private const double LongestBreak = 30;
    private const double LeastShareOfBreak = 0.75;

    /// <summary>
    /// Of one provider while its endpoint fails: a series at once, another one at the next call, then one after each break of the
    /// circuit breaker, 1 s growing to 30 s less a quarter of jitter.
    /// </summary>
    public static int During(TimeSpan outage)
    {
        var series = 2;
        var at = 0.0;
        for (var next = 1.0; at < outage.TotalSeconds; next = Math.Min(next * 2, LongestBreak))
        {
            at += next * LeastShareOfBreak;
            series++;
        }

        return series * AttemptsInSeries;
    }
}
