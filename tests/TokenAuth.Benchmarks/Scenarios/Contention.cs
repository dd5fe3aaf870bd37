using System.Diagnostics;

namespace TokenAuth.Benchmarks;

/// <summary>64 callers on two threads share one handler and one provider.</summary>
internal sealed class Contention : IScenario
{
    private const int Threads = 2;
    private const int CallersAThread = 32;
    private const int Rounds = 300;
    private const int WarmUps = 20;
    private static readonly TimeSpan _turn = TimeSpan.FromMilliseconds(1);

    public Task<IReadOnlyList<Row>> RunAsync()
    {
        var callers = new CallerFactory(Channel.Invoker, 1064, isLater: false);
        string[] names = [CallerFactory.ByHand, CallerFactory.Bearer, .. CallerFactory.Peers];
        var subjects = names.Select(name => new Subject(callers.Create(name))).ToArray();
        for (var round = 0; round < WarmUps + Rounds; round++)
            foreach (var subject in subjects)
                subject.Take(isKept: round >= WarmUps);

        var floor = subjects[0];

        var ours = subjects[1];
        const string scenario = "64 callers on 2 threads";

        return Task.FromResult<IReadOnlyList<Row>>([
            new(scenario, "throughput, × by hand", Ratio(ours.Throughputs, floor.Throughputs))
            {
                Target = Limit.AtLeast(0.75),
                Peers = subjects
                    .Skip(2)
                    .ToDictionary(peer => peer.Name, peer => Ratio(peer.Throughputs, floor.Throughputs)),
            },
            // Without peers: whoever is slow enough scales perfectly.
            new(scenario, "scaling, × by hand", Ratio(ours.Scalings, floor.Scalings)) { Target = Limit.AtLeast(0.90) },
        ]);
    }

    private static double Ratio(IReadOnlyList<double> figures, IReadOnlyList<double> floor) =>
        Medians.Of(figures.Zip(floor, (figure, byHand) => figure / byHand));

    private sealed class Subject(Caller caller)
    {
        private readonly List<double> _alone = [];
        private readonly List<double> _together = [];
        private int _batch = 1;

        public string Name => caller.Name;

        /// <summary>Requests a second on all threads, round by round.</summary>
        public IReadOnlyList<double> Throughputs => _together;

        /// <summary>What a thread does beside another one, as a share of what it does alone.</summary>
        public IReadOnlyList<double> Scalings =>
            [.. _together.Zip(_alone, (together, alone) => together / (Threads * alone))];

        public void Take(bool isKept)
        {
            var alone = Run(threads: 1);
            var together = Run(Threads);
            _batch = Math.Max(1, (int)(alone * _turn.TotalSeconds / CallersAThread));
            if (!isKept)
                return;

            _alone.Add(alone);
            _together.Add(together);
        }

        private double Run(int threads)
        {
            var throughputs = new double[threads];
            using var start = new Barrier(threads);
            var workers = Enumerable
                .Range(0, threads)
                .Select(i => new Thread(() =>
                {
                    start.SignalAndWait();
                    throughputs[i] = SendAsEachCaller();
                }))
                .ToArray();
            foreach (var worker in workers)
                worker.Start();
            foreach (var worker in workers)
                worker.Join();

            return throughputs.Sum();
        }

        private double SendAsEachCaller()
        {
            var since = Stopwatch.GetTimestamp();
            for (var i = 0; i < CallersAThread; i++)
                caller.Send(_batch);

            return CallersAThread * _batch / Stopwatch.GetElapsedTime(since).TotalSeconds;
        }
    }
}
