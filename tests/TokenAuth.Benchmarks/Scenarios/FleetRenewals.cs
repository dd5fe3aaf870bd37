using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace TokenAuth.Benchmarks;

/// <summary>
/// The store's part of the renewals of eight processes over one server: read, lease, write, give back. Each process makes one renewal at a time, of any of
/// the records, and the vendor answers at once.
/// </summary>
internal sealed class FleetRenewals : IScenario
{
    private const int Processes = 8;
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(2); // compiles, and makes the records
    private static readonly TimeSpan _time = TimeSpan.FromSeconds(4);
    private static readonly int[] _records = [1, 100, 1_000];

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var rows = new List<Row>();
        foreach (var server in await FleetServer.StartAllAsync())
            await using (server)
                rows.AddRange(await MeasureAsync(server));

        return rows;
    }

    private static async Task<IReadOnlyList<Row>> MeasureAsync(FleetServer server)
    {
        var encryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var fleet = Enumerable.Range(0, Processes).Select(_ => FleetMember.Start(server, encryptionKey)).ToList();
        try
        {
            await Task.WhenAll(fleet.Select(member => member.UntilReadyAsync()));
            var rows = new List<Row>();
            foreach (var records in _records)
            {
                await RateAsync(fleet, records, _warmUp);
                rows.Add(Row(server, records, await RateAsync(fleet, records, _time)));
            }

            return rows;
        }
        finally
        {
            fleet.ForEach(member => member.Dispose());
        }
    }

    /// <summary>Renewals a second of all of them, from the moment at which the first is told to begin to that at which the last is told to pause.</summary>
    private static async Task<double> RateAsync(List<FleetMember> fleet, int records, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        fleet.ForEach(member => member.Renew(records));
        await Task.Delay(time);
        fleet.ForEach(member => member.Pause());
        var elapsed = Stopwatch.GetElapsedTime(start);

        var renewals = await Task.WhenAll(fleet.Select(member => member.RenewalsAsync()));

        return renewals.Sum() / elapsed.TotalSeconds;
    }

    private static Row Row(FleetServer server, int records, double rate) =>
        new(
            $"{Processes} processes, one server: {server.Name}",
            string.Create(CultureInfo.InvariantCulture, $"renewals a second, records: {records:N0}"),
            rate
        )
        {
            Format = "0",
            IsGoal = false,
        };
}
