using System.Diagnostics;

namespace TokenAuth.Benchmarks;

/// <summary>10 000 requests at once, nothing in memory, and an endpoint that takes 200 ms.</summary>
internal sealed class ColdStart : IScenario
{
    private const int Callers = 10_000;
    private const int Runs = 5;
    private const int Rehearsals = 4;
    private static readonly TimeSpan _answerTime = TimeSpan.FromMilliseconds(200);

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var ours = await MeasureAsync(ContenderFactory.Ours, Runs);
        var peers = new Dictionary<string, Figures>();
        foreach (var name in CallerFactory.Peers)
            peers[name] = await MeasureAsync(name, runs: 3);

        Row Row(string measure, Limit target, string format, Func<Figures, double> figure) =>
            new("10 000 cold callers", measure, figure(ours))
            {
                Target = target,
                Peers = peers.ToDictionary(peer => peer.Key, peer => figure(peer.Value)),
                Format = format,
            };

        return
        [
            Row("token calls", Limit.Counted(1), "0", figures => figures.Calls),
            Row("time, × the endpoint's", Limit.AtMost(1.04), "0.00", figures => figures.Time),
            Row("bytes a caller", Limit.Counted(700), "0", figures => figures.Bytes),
        ];
    }

    private static async Task<Figures> MeasureAsync(string name, int runs)
    {
        // The JIT's time and memory are not the callers'.
        for (var rehearsal = 0; rehearsal < Rehearsals; rehearsal++)
            await RunAsync(name, Callers);

        var figures = new List<Figures>();
        for (var run = 0; run < runs; run++)
            figures.Add(await RunAsync(name, Callers));

        return new(
            figures.Max(run => run.Calls),
            Medians.Of(figures.Select(run => run.Time)),
            figures.Min(run => run.Bytes)
        );
    }

    public static async Task<Figures> RunAsync(string name, int callers)
    {
        var contender = ContenderFactory.Create(name);
        contender.Endpoint.Delay = _answerTime;
        using var cancellation = new CancellationTokenSource(); // as an HttpClient gives each request one
        var waiting = new Task[callers];

        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < callers; i++)
            waiting[i] = contender.SendAsync(cancellation.Token);
        for (var i = 0; i < callers; i++)
            await waiting[i];

        var elapsed = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;

        return new(contender.Endpoint.Calls, elapsed / _answerTime, (double)bytes / callers);
    }

    internal sealed record Figures(double Calls, double Time, double Bytes);
}
