namespace TokenAuth.Soak;

/// <summary>
/// Round after round: both vendors at once, or the database and smaller things at both vendors, or the clock. What is chosen depends on the
/// seed alone.
/// </summary>
internal sealed class Director(
    int seed,
    SoakClock clock,
    Tally tally,
    VendorEpisodes vkCloud,
    VendorEpisodes azure,
    DatabaseEpisodes database,
    ClockEpisodes clocks,
    Action<string> log
)
{
    // A provider renews for 20 rejections an hour at most; a round has one a line.
    private static readonly TimeSpan s_shortestRound = TimeSpan.FromMinutes(5);

    private readonly Random _random = new(seed);

    /// <summary>How many episodes there were.</summary>
    public int Episodes { get; private set; }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await clock.DelayAsync(TimeSpan.FromMinutes(2), stopping);
            while (true)
            {
                var episodes = Draw();
                var start = clock.Awake;
                await Task.WhenAll(episodes.Select(episode => RunAsync(episode, stopping)));
                var pause = TimeSpan.FromSeconds(_random.Next(10, 120));
                var rest = s_shortestRound - (clock.Awake - start);
                await clock.DelayAsync(rest > pause ? rest : pause, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end; each episode has cleaned up.
        }
    }

    private List<Episode> Draw() =>
        _random.Next(5) switch
        {
            0 => [database.Draw(_random), vkCloud.DrawBesideOutage(_random), azure.DrawBesideOutage(_random)],
            1 => [clocks.Draw(_random)],
            _ => [vkCloud.Draw(_random), azure.Draw(_random)],
        };

    private async Task RunAsync(Episode episode, CancellationToken stopping)
    {
        Episodes++;
        log(episode.What);

        try
        {
            await episode.RunAsync(stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It asks for tokens, too, and only when there must be some.
            tally.Broke($"{episode.What}: {exception.GetType().Name}: {exception.Message}");
        }
    }
}
