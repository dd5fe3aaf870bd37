using System.Globalization;

namespace TokenAuth.Tests.Lifetime.Schedules;

/// <summary>
/// 10 000 schedules (see <see cref="TestRun"/>), or as many as TOKENAUTH_TEST_SCHEDULES says. A failure prints its seed;
/// TOKENAUTH_TEST_SEED runs that one alone.
/// </summary>
public sealed class RandomScheduleTests
{
    private static readonly int _defaultCount = TestRun.Repeated(10_000);

    [Fact]
    [Trait("Failure", "10")]
    public async Task The_invariants_hold_in_any_order_of_events()
    {
        var seed = Setting("TOKENAUTH_TEST_SEED");
        var first = seed ?? 0;
        var count = seed is null ? Setting("TOKENAUTH_TEST_SCHEDULES") ?? _defaultCount : 1;

        await OnThreadsAsync(Environment.ProcessorCount, first, count, seed => Run(seed));
    }

#if !NETSTANDARD_ASSEMBLY // whose timers go on elsewhere than where the clock is moved
    [Fact]
    public async Task A_seed_is_one_order_of_events()
    {
        var count = (Setting("TOKENAUTH_TEST_SCHEDULES") ?? _defaultCount) / 50;

        await OnThreadsAsync(
            threads: 1,
            first: 0,
            count,
            seed =>
            {
                // A thread that is interrupted between two instructions of a late saver goes on beside the schedule: once, not again.
                var first = Run(seed);
                Assert.Contains(first, Enumerable.Range(0, 3).Select(_ => Run(seed)));
            }
        );
    }
#endif

    /// <summary>On threads of their own: a schedule waits for the thread pool, so it must not occupy one of its threads.</summary>
    private static Task OnThreadsAsync(int threads, int first, int count, Action<int> run)
    {
        var next = first - 1;

        return Task.WhenAll(
            Enumerable
                .Range(0, threads)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            while (Interlocked.Increment(ref next) is var seed && seed < first + count)
                                run(seed);
                        },
                        TestContext.Current.CancellationToken,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
    }

    private static IReadOnlyList<string> Run(int seed)
    {
        using var schedule = new RandomSchedule(seed);
        try
        {
            schedule.Run();

            return schedule.Trace;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(
                $"Seed {seed}: {exception.Message}\n{string.Join('\n', schedule.Trace)}",
                exception
            );
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
