using System.Globalization;

namespace TokenAuth.Tests.Tenants.Schedules;

/// <summary>
/// 200 schedules (see <see cref="TestRun"/>), or as many as TOKENAUTH_TEST_SCHEDULES says. A failure prints its seed;
/// TOKENAUTH_TEST_SEED runs that one alone.
/// </summary>
public sealed class TenantScheduleTests
{
    private static readonly int _defaultCount = TestRun.Repeated(200);

    [Fact]
    public async Task No_order_of_events_crosses_tenants_or_leaves_a_caller_waiting()
    {
        var seed = Setting("TOKENAUTH_TEST_SEED");
        var first = seed ?? 0;
        var count = seed is null ? Setting("TOKENAUTH_TEST_SCHEDULES") ?? _defaultCount : 1;
        var next = first - 1;

        await Task.WhenAll(
            Enumerable
                .Range(0, Environment.ProcessorCount)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            while (Interlocked.Increment(ref next) is var seed && seed < first + count)
                                Run(seed);
                        },
                        TestContext.Current.CancellationToken,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
    }

    private static void Run(int seed)
    {
        using var schedule = new TenantSchedule(seed);
        try
        {
            schedule.Run();
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
