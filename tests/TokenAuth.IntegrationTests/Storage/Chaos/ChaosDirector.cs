using System.Diagnostics;

namespace TokenAuth.Tests.Storage;

/// <summary>Draws a fault, lets it happen, waits a little, and counts. Frozen processes thaw while the next faults happen.</summary>
internal sealed class ChaosDirector(ChaosServers servers, ChaosFleet fleet, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Task> _frozen = [];

    /// <summary>From when to when a store could not be used.</summary>
    public List<(string Store, DateTimeOffset From, DateTimeOffset To)> Outages { get; } = [];

    /// <summary>How often each fault happened.</summary>
    public SortedDictionary<string, int> Faults { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(TimeSpan time)
    {
        for (var run = Stopwatch.StartNew(); run.Elapsed < time; )
        {
            await Task.Delay(Between(1, 5), TestRun.Cancellation);
            var (name, happen) = Draw();
            Faults[name] = Faults.GetValueOrDefault(name) + 1;
            var from = TimeProvider.System.GetUtcNow();
            await happen();
            if (!name.StartsWith("process", StringComparison.Ordinal))
                Outages.Add((StoreOf(name), from, TimeProvider.System.GetUtcNow()));
        }

        await Task.WhenAll(_frozen);
    }

    private static string StoreOf(string fault) =>
        fault.StartsWith("redis", StringComparison.Ordinal) ? "redis" : "postgres";

    private (string Name, Func<Task> Happen) Draw() =>
        _random.Next(100) switch
        {
            < 25 => ("process killed", () => fleet.KillAsync(Process())),
            < 35 => ("process replaced", ReplaceAsync),
            < 50 => ("process frozen for up to 25 s", FreezeAsync),
            < 60 => ("redis restarted", RestartRedisAsync),
            < 68 => ("redis frozen", FreezeRedisAsync),
            < 80 => ("postgres restarted", RestartPostgresAsync),
            < 86 => ("pgbouncer restarted", servers.Bouncer.RestartAsync),
            < 92 => ("pgbouncer paused", PauseBouncerAsync),
            _ => ("postgres failed over", FailOverAsync),
        };

    private Task ReplaceAsync()
    {
        fleet.Replace(Process());

        return Task.CompletedTask;
    }

    private Task FreezeAsync()
    {
        _frozen.Add(fleet.FreezeAsync(Process(), Between(1, 25)));

        return Task.CompletedTask;
    }

    private async Task RestartRedisAsync()
    {
        await servers.Redis.StopAsync(Either("-TERM", "-KILL"));
        await Task.Delay(Between(0, 3), TestRun.Cancellation);
        await servers.Redis.StartAsync();
    }

    private async Task FreezeRedisAsync()
    {
        await servers.Redis.SignalAsync("-STOP");
        await Task.Delay(Between(1, 4), TestRun.Cancellation);
        await servers.Redis.SignalAsync("-CONT");
    }

    private async Task RestartPostgresAsync()
    {
        await servers.Postgres.Primary.StopAsync(Either("-INT", "-QUIT"));
        await Task.Delay(Between(0, 3), TestRun.Cancellation);
        await servers.Postgres.Primary.StartAsync();
    }

    private async Task PauseBouncerAsync()
    {
        await servers.Bouncer.SignalAsync("-STOP");
        await Task.Delay(Between(1, 4), TestRun.Cancellation);
        await servers.Bouncer.SignalAsync("-CONT");
    }

    private async Task FailOverAsync()
    {
        await servers.Postgres.FailOverAsync();
        await servers.Postgres.ChangeRolesAsync();
    }

    private int Process() => _random.Next(ChaosFleet.Size);

    private string Either(string one, string other) => _random.Next(2) == 0 ? one : other;

    private TimeSpan Between(double least, double most) =>
        TimeSpan.FromSeconds(least + (_random.NextDouble() * (most - least)));
}
