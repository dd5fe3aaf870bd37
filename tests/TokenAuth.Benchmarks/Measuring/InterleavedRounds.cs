using System.Diagnostics;

namespace TokenAuth.Benchmarks;

/// <summary>
/// Runs callers in turns of a fraction of a millisecond, so that whatever else the machine does hits all of them, and compares each with
/// the floor of the same round.
/// </summary>
internal sealed class InterleavedRounds
{
    private const int WarmUps = 10;
    private const int AllocationRuns = 5;
    private static readonly TimeSpan _turn = TimeSpan.FromMicroseconds(400);
    private static readonly TimeSpan _tierUp = TimeSpan.FromMilliseconds(250);

    private readonly Caller[] _callers;
    private readonly int[] _batches;
    private readonly List<double>[] _nanoseconds;

    /// <param name="callers">The floor first.</param>
    private InterleavedRounds(IReadOnlyList<Caller> callers)
    {
        _callers = [.. callers, .. callers.Select(caller => caller.Floor).OfType<Caller>()];
        _batches = new int[_callers.Length];
        _nanoseconds = [.. _callers.Select(_ => new List<double>())];
    }

    public static IReadOnlyList<Sample> Run(IReadOnlyList<Caller> callers, int rounds)
    {
        var run = new InterleavedRounds(callers);
        run.WarmUp();
        for (var round = 0; round < rounds; round++)
        for (var turn = 0; turn < run._callers.Length; turn++)
            run.Take((turn + round) % run._callers.Length);

        return run.Samples(callers.Count);
    }

    private void WarmUp()
    {
        for (var pass = 0; pass < WarmUps; pass++)
        {
            for (var i = 0; i < _callers.Length; i++)
            {
                var count = pass == 0 ? 200 : Math.Clamp(_batches[i] * 20, 200, 30_000);
                var start = Stopwatch.GetTimestamp();
                _callers[i].Send(count);
                _batches[i] = Math.Max(1, (int)(count * (_turn / Stopwatch.GetElapsedTime(start))));
            }

            Thread.Sleep(_tierUp); // the JIT compiles the next tier in the background
        }
    }

    private void Take(int i)
    {
        var start = Stopwatch.GetTimestamp();
        _callers[i].Send(_batches[i]);
        _nanoseconds[i].Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / _batches[i]);
    }

    private List<Sample> Samples(int count)
    {
        var bytes = _callers.Select(Allocated).ToArray();
        var floor = _nanoseconds[0];
        var samples = new List<Sample>();
        for (var i = 0; i < count; i++)
        {
            // Who has a floor of his own is compared by what he adds to it.
            var own = Array.IndexOf(_callers, _callers[i].Floor) is >= 0 and var index ? index : 0;
            var times = _nanoseconds[i].Select((ns, round) => 1 + ((ns - _nanoseconds[own][round]) / floor[round]));
            samples.Add(
                new(
                    _callers[i].Name,
                    Medians.Of(_nanoseconds[i]),
                    Medians.Of(times),
                    1 + ((_nanoseconds[i].Min() - _nanoseconds[own].Min()) / floor.Min()),
                    bytes[i]
                )
                {
                    ExtraBytes = bytes[i] - bytes[own],
                }
            );
        }

        return samples;
    }

    // The least of some runs: a background thread may allocate meanwhile.
    private static long Allocated(Caller caller)
    {
        const int requests = 1_000;

        return Enumerable
            .Range(0, AllocationRuns)
            .Min(_ =>
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                caller.Send(requests);
                return (GC.GetTotalAllocatedBytes(precise: true) - before) / requests;
            });
    }
}
