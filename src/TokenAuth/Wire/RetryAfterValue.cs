namespace TokenAuth;

/// <summary>
/// Reads <c>Retry-After</c> (RFC 9110 section 10.2.3) and keeps it within reason: one second to 15 minutes.
/// </summary>
internal static class RetryAfterValue
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>The clamped wait; null when the header is absent or garbage.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        if (header?.Delta is { } delta)
            return Clamp(delta);
        if (header?.Date is { } date)
            return Clamp(date - (response.Headers.Date ?? now)); // the endpoint's own clock, where it tells it

        return IsHugeNumber(response) ? Longest : null;
    }

    public static TimeSpan? Clamp(TimeSpan? asked) =>
        asked is not { } wait ? null
        : wait < Shortest ? Shortest
        : wait > Longest ? Longest
        : wait;

    // A number of seconds too large for the platform's parser is still a number: leave the endpoint alone.
    private static bool IsHugeNumber(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Retry-After", out var values)
        && values.FirstOrDefault() is { Length: > 9 } text
        && text.All(c => c is >= '0' and <= '9');
}
