namespace TokenAuth.Soak;

/// <summary>The database fails in its various ways; what happens at the vendors meanwhile can be healed without it.</summary>
internal sealed class DatabaseEpisodes(SoakDatabase database, SoakFleet fleet)
{
    // What could not be stored is stored 30 s later, and again.
    private static readonly TimeSpan s_lateSaving = TimeSpan.FromSeconds(90);

    public Episode Draw(Random random)
    {
        var duration = TimeSpan.FromSeconds(random.Next(20, 480));

        return random.Next(database.IsOwn ? 6 : 3) switch
        {
            0 => Cut(),
            1 => Away($"hangs up for {duration:mm\\:ss}", duration, database.Proxy.HangUp),
            2 => Away($"is silent for {duration:mm\\:ss}", duration, database.Proxy.FallSilent),
            3 => ReadOnly(duration),
            4 => Restart("-INT"),
            _ => Restart("-QUIT"),
        };
    }

    private Episode Cut() =>
        new(
            "database: every connection breaks",
            async stop =>
            {
                database.Proxy.Cut();
                await fleet.Clock.DelayAsync(s_lateSaving, stop);
            }
        );

    private Episode Away(string what, TimeSpan duration, Action fail) =>
        new(
            $"database: {what}",
            async stop =>
            {
                Unshared(duration);
                try
                {
                    fail();
                    await fleet.Clock.DelayAsync(duration, stop);
                }
                finally
                {
                    database.Proxy.Recover();
                }

                await fleet.Clock.DelayAsync(s_lateSaving, stop);
            }
        );

    private Episode ReadOnly(TimeSpan duration) =>
        new(
            $"database: read-only for {duration:mm\\:ss}",
            async stop =>
            {
                Unshared(duration);
                try
                {
                    await database.SetReadOnlyAsync(true);
                    await fleet.Clock.DelayAsync(duration, stop);
                }
                finally
                {
                    await database.SetReadOnlyAsync(false);
                }

                await fleet.Clock.DelayAsync(s_lateSaving, stop);
            }
        );

    // A few seconds of real time.
    private Episode Restart(string signal) =>
        new(
            $"database: restarted ({signal})",
            async stop =>
            {
                Unshared(TimeSpan.FromMinutes(5));
                try
                {
                    await database.StopServerAsync(signal);
                }
                finally
                {
                    await database.StartServerAsync();
                }

                await fleet.Clock.DelayAsync(s_lateSaving, stop);
            }
        );

    // While nothing is shared, each member renews for itself, when its own token is old; the newest may be another's. One renewal may
    // begin at once, and one more after each of the shortest intervals.
    private void Unshared(TimeSpan duration)
    {
        foreach (var vendor in fleet.Vendors)
            vendor.AllowEachLine(
                line => line.Members > 1 ? line.Members * (1 + (int)(duration / line.EarliestRenewal)) : 0,
                duration + s_lateSaving
            );
    }
}
