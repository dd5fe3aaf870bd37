using System.Diagnostics;
using System.Globalization;

namespace TokenAuth.Benchmarks;

/// <summary>
/// The store's part of renewals, as eight processes make them: read, lease, write, give back. Each has a store of its own over one server; all run in this
/// process, one renewal at a time each, and the vendor answers at once.
/// </summary>
internal sealed class FleetRenewals : IScenario
{
    private const int Processes = 8;
    private static readonly TimeSpan _time = TimeSpan.FromSeconds(4);
    private static readonly int[] _keys = [1, 100, 1_000];

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var rows = new List<Row>();
        foreach (var server in await FleetServer.StartAllAsync())
            await using (server)
                foreach (var keys in _keys)
                    rows.Add(
                        new(
                            $"8 stores, one server: {server.Name}",
                            string.Create(CultureInfo.InvariantCulture, $"renewals a second, records: {keys:N0}"),
                            await MeasureAsync(server, keys)
                        )
                        {
                            Format = "0",
                            IsGoal = false,
                        }
                    );

        return rows;
    }

    private static async Task<double> MeasureAsync(FleetServer server, int keys)
    {
        var stores = Enumerable.Range(0, Processes).Select(_ => server.Open()).ToList();
        foreach (var store in stores)
            await RenewAsync(store, 0, keys); // connects, and compiles

        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            stores.Select(store =>
                Task.Run(async () =>
                {
                    while (Stopwatch.GetElapsedTime(start) < _time)
                        await RenewAsync(store, Interlocked.Increment(ref next), keys);
                })
            )
        );
        var rate = (next + 1) / Stopwatch.GetElapsedTime(start).TotalSeconds;

        foreach (var store in stores)
            if (store is IAsyncDisposable disposable)
                await disposable.DisposeAsync();

        return rate;
    }

    private static async Task RenewAsync(ITokenStore store, int number, int keys)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"key-{keys}-{number % keys}");
        await store.ReadAsync(key, CancellationToken.None);
        await using var lease = await store.AcquireLeaseAsync(key, CancellationToken.None);
        var text = number.ToString(CultureInfo.InvariantCulture);
        var token = new AccessToken($"{text}-{new string('a', 50)}", DateTimeOffset.UtcNow.AddHours(1));
        var grant = new TokenGrant(token) { RefreshToken = new string('r', 50) };

        await lease.WriteAsync(new TokenRecord(grant, DateTimeOffset.UtcNow), CancellationToken.None);
    }
}
