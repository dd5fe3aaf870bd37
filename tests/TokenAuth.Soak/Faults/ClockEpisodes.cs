namespace TokenAuth.Soak;

/// <summary>The machines' clocks are set, or the machines sleep. The vendors' clock goes on.</summary>
internal sealed class ClockEpisodes(SoakFleet fleet)
{
    private SoakClock Clock => fleet.Clock;

    public Episode Draw(Random random) =>
        random.Next(3) switch
        {
            0 => Suspend(TimeSpan.FromSeconds(random.Next(10, 3 * 3600))),
            1 => Jump(TimeSpan.FromSeconds(random.Next(3000, 5400)), Hold(random)),
            _ => Jump(-TimeSpan.FromSeconds(random.Next(3000, 5400)), Hold(random)),
        };

    private static TimeSpan Hold(Random random) => TimeSpan.FromSeconds(random.Next(30, 1200));

    // Costs nothing: tokens grow old meanwhile at the vendors', too.
    private Episode Suspend(TimeSpan duration) =>
        new(
            $"clock: the machines sleep for {duration:hh\\:mm\\:ss}; the monotonic clock stands still",
            async stop =>
            {
                await Clock.SuspendAsync(duration, stop);
                await Clock.DelayAsync(TimeSpan.FromMinutes(1), stop);
            }
        );

    private Episode Jump(TimeSpan by, TimeSpan hold) =>
        new(
            $"clock: the wall clock is set {(by < TimeSpan.Zero ? "back" : "forward")} by {by:hh\\:mm\\:ss}, and right again after {hold:mm\\:ss}",
            async stop =>
            {
                await JumpAsync(by, stop);
                try
                {
                    await Clock.DelayAsync(hold, stop);
                }
                finally
                {
                    await JumpAsync(-by, CancellationToken.None);
                }

                await Clock.DelayAsync(TimeSpan.FromMinutes(1), stop);
            }
        );

    // Forward: every token looks expired, and one call renews it for all. Back: what is stored was put down by a clock that is ahead,
    // its age cannot be told, and so each member renews for itself, once, when its own token is old; the newest may be another's.
    private async Task JumpAsync(TimeSpan by, CancellationToken stop)
    {
        foreach (var vendor in fleet.Vendors)
            vendor.AllowEachLine(line =>
                by > TimeSpan.Zero ? 1
                : line.Members > 1 ? line.Members
                : 0
            );
        await Clock.JumpAsync(by, stop);
    }
}
