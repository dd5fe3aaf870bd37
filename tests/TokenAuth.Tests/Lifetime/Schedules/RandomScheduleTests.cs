using System.Globalization;

namespace TokenAuth.Tests.Lifetime.Schedules;

/// <summary>
/// 10 000 schedules (1 000 on the older platforms), or as many as TOKENAUTH_TEST_SCHEDULES says. A failure prints its seed; TOKENAUTH_TEST_SEED runs that one alone.
/// </summary>
public sealed class RandomScheduleTests
{
#if NET10_0_OR_GREATER && !NETSTANDARD_ASSEMBLY
    private const int DefaultCount = 10_000;
#else
    private const int DefaultCount = 1_000;
#endif

    [Fact]
    [Trait("Failure", "10")]
    public void The_invariants_hold_in_any_order_of_events()
    {
        var seed = Setting("TOKENAUTH_TEST_SEED");
        var first = seed ?? 0;
        var count = seed is null ? Setting("TOKENAUTH_TEST_SCHEDULES") ?? DefaultCount : 1;

        // Threads of their own: a schedule waits for the thread pool.
        var next = first - 1;
        var failure = (Exception?)null;
        var threads = Enumerable
            .Range(0, Environment.ProcessorCount)
            .Select(_ => new Thread(() =>
            {
                try
                {
                    while (failure is null && Interlocked.Increment(ref next) is var seed && seed < first + count)
                        Run(seed);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.True(failure is null, failure?.Message);
    }

#if !NETSTANDARD_ASSEMBLY // whose timers go on elsewhere than where the clock is moved
    [Fact]
    public void A_seed_is_one_order_of_events()
    {
        var count = (Setting("TOKENAUTH_TEST_SCHEDULES") ?? DefaultCount) / 50;
        for (var seed = 0; seed < count; seed++)
        {
            // A thread that is interrupted between two instructions of a late saver goes on beside the schedule: once, not again.
            var first = Run(seed);
            Assert.Contains(first, Enumerable.Range(0, 3).Select(_ => Run(seed)));
        }
    }
#endif

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
