namespace TokenAuth;

/// <summary>
/// Pauses between two looks at what another process holds: jittered, so that those who wait do not all look at the same moment, and in
/// real time on any clock.
/// </summary>
internal static class Pause
{
    private const int Longest = 100;

    public static Task ShortAsync(CancellationToken cancellationToken) => ForAsync(1, 10, cancellationToken);

    /// <summary>Longer with each attempt: a lease is held for as long as a vendor needs to respond.</summary>
    public static Task GrowingAsync(int attempt, CancellationToken cancellationToken)
    {
        var milliseconds = Math.Min(Longest, 10 + (attempt * 5));

        return ForAsync(milliseconds / 2, milliseconds, cancellationToken);
    }

    private static Task ForAsync(int fromMilliseconds, int toMilliseconds, CancellationToken cancellationToken) =>
        Task.Delay(
            TimeSpan.FromMilliseconds(Random.Shared.Next(fromMilliseconds, toMilliseconds)),
            TimeProvider.System,
            cancellationToken
        );
}
