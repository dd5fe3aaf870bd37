using TokenAuth.Testing;

namespace TokenAuth.Benchmarks;

/// <summary>
/// What 1 000 processes with one client ask of their store and their vendor: 1 000 providers over one store in memory, in this process, on a clock that
/// the scenario moves minute by minute for a day. Each asks for its token every minute.
/// </summary>
internal sealed class SteadyFleet : IScenario
{
    private const int Processes = 1_000;
    private const int Hours = 24;
    private const int WarmUpHours = 2;

    private readonly ManualTimeProvider _clock = new();
    private readonly CountedStore _store = new();
    private readonly CountedSource _source;
    private readonly List<CachedTokenProvider> _fleet;

    public SteadyFleet()
    {
        _source = new CountedSource(_clock);
        _fleet =
        [
            .. Enumerable
                .Range(0, Processes)
                .Select(_ => new CachedTokenProvider(
                    _source,
                    new CachedTokenOptions { ProviderName = "fleet", StoreKey = "fleet" },
                    _clock,
                    _store
                )),
        ];
    }

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await LiveAsync(WarmUpHours);
        var before = Counts();

        await LiveAsync(Hours);

        var hourly = Counts().Zip(before, (after, start) => (after - start) / (double)Hours).ToList();
        foreach (var provider in _fleet)
            await provider.DisposeAsync();

        return
        [
            Row("token calls", hourly[0]) with
            {
                Target = Limit.Counted(2),
            },
            Row("reads of the store", hourly[1]),
            Row("leases of the store", hourly[2]),
            Row("writes of the store", hourly[3]) with
            {
                Target = Limit.Counted(2),
            },
        ];
    }

    private static Row Row(string what, double hourly) =>
        new("1 000 processes, one client, counted", $"{what} an hour", hourly) { Format = "0.0", IsGoal = false };

    private int[] Counts() => [_source.Calls, _store.Reads, _store.Leases, _store.Writes];

    private async Task LiveAsync(int hours)
    {
        for (var minute = 0; minute < hours * 60; minute++)
        {
            foreach (var provider in _fleet)
                await provider.GetTokenAsync();
            await SettleAsync();
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Early renewals run in the background: until nothing is asked any more.</summary>
    private async Task SettleAsync()
    {
        for (
            var (before, now) = (Array.Empty<int>(), Counts());
            !now.SequenceEqual(before);
            (before, now) = (now, Counts())
        )
            await Task.Delay(4);
    }
}
