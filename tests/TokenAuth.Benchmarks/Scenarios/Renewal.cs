using System.Diagnostics;

namespace TokenAuth.Benchmarks;

/// <summary>64 callers go on sending while the token grows old, or has expired, and the endpoint takes 200 ms.</summary>
internal sealed class Renewal : IScenario
{
    private const int Callers = 64;
    private const int Runs = 5;
    private static readonly TimeSpan _load = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _blocked = TimeSpan.FromMilliseconds(5);

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        string[] names = [ContenderFactory.Ours, .. CallerFactory.Peers];
        var early = new Dictionary<string, Figures>();
        var hard = new Dictionary<string, Figures>();
        foreach (var name in names)
        {
            var runs = name == ContenderFactory.Ours ? Runs : 1;
            early[name] = await MeasureAsync(name, contender => contender.HoldAgedTokenAsync(), runs);
            hard[name] = await MeasureAsync(name, contender => contender.HoldExpiredTokenAsync(), runs);
        }

        return
        [
            Row("early renewal, 64 callers", "callers over 5 ms", early, Limit.AtMost(0), "0", run => run.Blocked),
            Row("early renewal, 64 callers", "token calls", early, Limit.Counted(1), "0", run => run.Calls),
            Row("expired token, 64 callers", "token calls", hard, Limit.Counted(1), "0", run => run.Calls),
            Row(
                "expired token, 64 callers",
                "longest wait, × the endpoint's",
                hard,
                Limit.AtMost(1.05),
                "0.00",
                run => run.LongestWait
            ),
        ];
    }

    private static Row Row(
        string scenario,
        string measure,
        Dictionary<string, Figures> figures,
        Limit target,
        string format,
        Func<Figures, double> figure
    ) =>
        new(scenario, measure, figure(figures[ContenderFactory.Ours]))
        {
            Target = target,
            Peers = CallerFactory.Peers.ToDictionary(peer => peer, peer => figure(figures[peer])),
            Format = format,
        };

    private static async Task<Figures> MeasureAsync(string name, Func<Contender, Task> hold, int runs)
    {
        await RunAsync(name, hold); // the JIT's time is not the callers'
        var figures = new List<Figures>();
        for (var run = 0; run < runs; run++)
            figures.Add(await RunAsync(name, hold));

        return new(
            figures.Max(run => run.Calls),
            Medians.Of(figures.Select(run => run.Blocked)),
            Medians.Of(figures.Select(run => run.LongestWait))
        );
    }

    private static async Task<Figures> RunAsync(string name, Func<Contender, Task> hold)
    {
        var contender = ContenderFactory.Create(name);
        await hold(contender);
        contender.Endpoint.Reset();
        contender.Endpoint.Delay = TimeSpan.FromMilliseconds(200);

        var end = Stopwatch.GetTimestamp() + (long)(_load.TotalSeconds * Stopwatch.Frequency);
        var waits = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(_ => Task.Run(() => LoadAsync(contender, end)))
        );
        var longest = waits.Max();

        return new(
            contender.Endpoint.Calls,
            waits.Count(wait => wait > _blocked),
            contender.Endpoint.Calls == 0 ? 0 : longest / contender.Endpoint.Busy
        );
    }

    // A request that is answered without waiting was not blocked, however long a busy machine kept its thread.
    private static async Task<TimeSpan> LoadAsync(Contender contender, long end)
    {
        var longest = TimeSpan.Zero;
        while (Stopwatch.GetTimestamp() < end)
        {
            var start = Stopwatch.GetTimestamp();
            var sending = contender.SendAsync(CancellationToken.None);
            if (!sending.IsCompletedSuccessfully)
            {
                await sending;
                var wait = Stopwatch.GetElapsedTime(start);
                longest = wait > longest ? wait : longest;
            }

            await Task.Delay(_pause);
        }

        return longest;
    }

    private sealed record Figures(double Calls, double Blocked, double LongestWait);
}
