namespace TokenAuth.Soak;

/// <summary>Everything on the stage, from the first request to the verdict.</summary>
internal sealed class SoakRun(Stage stage, TimeSpan length, int seed)
{
    private const int Callers = 200;
    private const int LooksAtCopies = 3;

    // The last faults are over and healed when the callers leave.
    private static readonly TimeSpan s_calmEnd = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_samplePeriod = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_reportPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // One change of the factory's handlers, if there is time for it.
    private static readonly TimeSpan s_longestWarmUp = TimeSpan.FromMinutes(2.5);

    private readonly Samples _samples = new(length / 4 < s_longestWarmUp ? length / 4 : s_longestWarmUp);

    private Journal Journal => stage.Journal;

    /// <returns>Whether every limit is met.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Journal.Say($"{Callers} callers for {length.TotalMinutes} minutes, --seed {seed}");
        using var calm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        calm.CancelAfter(Left(s_calmEnd));
        closing.CancelAfter(Left(s_closing));

        var calling = stage
            .Fleet.Callers(Callers, seed)
            .Select(caller => Task.Run(() => caller.RunAsync(closing.Token), CancellationToken.None))
            .ToList();
        var directing = stage.Director.RunAsync(calm.Token);
        await MeasureAsync(closing.Token);
        await directing;
        var (callersLeft, oldCopies) = (await LeftBehindAsync(calling), await CountOldCopiesAsync());
        var outcome = Result() with { CallersLeft = callersLeft, OldCopies = oldCopies };

        return Judge(outcome, isWhole: !cancellationToken.IsCancellationRequested);
    }

    private async Task MeasureAsync(CancellationToken closing)
    {
        using var timer = new PeriodicTimer(s_samplePeriod);
        _samples.Add(Journal.Elapsed, ProcessSample.Take());
        try
        {
            for (var nextReport = s_reportPeriod; await timer.WaitForNextTickAsync(closing); )
            {
                _samples.Add(Journal.Elapsed, ProcessSample.Take());
                if (Journal.Elapsed < nextReport)
                    continue;

                Journal.Report(Result());
                nextReport += s_reportPeriod;
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static async Task<int> LeftBehindAsync(List<Task> calling)
    {
        try
        {
            await Task.WhenAll(calling).WaitAsync(s_patience);
        }
        catch (TimeoutException)
        {
            // Counted.
        }

        return calling.Count(task => !task.IsCompletedSuccessfully);
    }

    // A copy is renewed a second of token time after its token.
    private async Task<int> CountOldCopiesAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        for (var looks = 1; ; looks++)
        {
            var count = await stage.Fleet.CountOldCopiesAsync(patience.Token);
            if (count == 0 || looks == LooksAtCopies)
                return count;
            await stage.Clock.DelayAsync(TimeSpan.FromSeconds(2), patience.Token);
        }
    }

    private bool Judge(Outcome outcome, bool isWhole)
    {
        var limits = Verdict.Limits(outcome).ToList();
        Journal.Report(outcome);
        Journal.Say(isWhole ? "the end" : "stopped early");
        foreach (var failure in outcome.Tally.FirstUnexpected)
            Console.WriteLine("  unexpected: " + failure);
        foreach (var limit in limits)
            Console.WriteLine(limit);

        return isWhole && limits.TrueForAll(limit => limit.IsMet);
    }

    private Outcome Result() =>
        new(
            stage.Fleet.Tally,
            _samples,
            stage.Fleet.Vendors,
            stage.Emulator.Ledger,
            Journal.Elapsed,
            stage.Clock.Elapsed
        )
        {
            ExpectedRefreshTokens = stage.VkCloud.ExpectedRefreshTokens,
            Episodes = stage.Director.Episodes,
            ClockFault = stage.Clock.Fault,
        };

    private TimeSpan Left(TimeSpan beforeEnd)
    {
        var left = length - beforeEnd - Journal.Elapsed;

        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
