using System.Diagnostics;

namespace TokenAuth.Tests.Storage;

/// <summary>
/// Draws a fault, lets it happen, waits a little, and notes it. Frozen processes thaw, and those that were asked end, while the next faults happen.
/// </summary>
internal sealed class ChaosDirector(ChaosServers servers, ChaosFleet fleet, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Task> _lasting = [];

    /// <summary>What has happened so far.</summary>
    public List<ChaosFault> Faults { get; } = [];

    public async Task RunAsync(TimeSpan time)
    {
        for (var run = Stopwatch.StartNew(); run.Elapsed < time; )
        {
            await Task.Delay(Between(1, 5), TestRun.Cancellation);
            await HappenAsync();
        }

        await Task.WhenAll(_lasting);
    }

    private Task HappenAsync() =>
        _random.Next(100) switch
        {
            < 25 => OfProcessAsync("process killed", ChaosFaultKind.Crash, fleet.KillAsync),
            < 35 => LastAsync("process ended", ChaosFaultKind.Crash, fleet.ReplaceAsync),
            < 50 => LastAsync("process frozen", ChaosFaultKind.Stall, FreezeAsync),
            < 60 => OfServerAsync("redis restarted", "redis", RestartRedisAsync),
            < 68 => OfServerAsync("redis frozen", "redis", FreezeRedisAsync),
            < 80 => OfServerAsync("postgres restarted", "postgres", RestartPostgresAsync),
            < 86 => OfServerAsync("pgbouncer restarted", "postgres", servers.Bouncer.RestartAsync, isOfPooler: true),
            < 92 => OfServerAsync("pgbouncer frozen", "postgres", FreezeBouncerAsync, isOfPooler: true),
            _ => OfServerAsync("postgres failed over", "postgres", FailOverAsync, ChaosFaultKind.Failover),
        };

    private Task LastAsync(string what, ChaosFaultKind kind, Func<int, Task> happen)
    {
        _lasting.Add(OfProcessAsync(what, kind, happen));

        return Task.CompletedTask;
    }

    private Task OfProcessAsync(string what, ChaosFaultKind kind, Func<int, Task> happen)
    {
        var place = _random.Next(ChaosFleet.Size);

        return NoteAsync(new ChaosFault(what, kind, Now) { Process = fleet.NumberAt(place) }, () => happen(place));
    }

    private Task OfServerAsync(
        string what,
        string store,
        Func<Task> happen,
        ChaosFaultKind kind = ChaosFaultKind.Outage,
        bool isOfPooler = false
    ) => NoteAsync(new ChaosFault(what, kind, Now) { Store = store, IsOfPooler = isOfPooler }, happen);

    private async Task NoteAsync(ChaosFault fault, Func<Task> happen)
    {
        Faults.Add(fault);
        await happen();
        fault.To = Now;
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private Task FreezeAsync(int place) => fleet.FreezeAsync(place, Between(1, 25));

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

    private async Task FreezeBouncerAsync()
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

    private string Either(string one, string other) => _random.Next(2) == 0 ? one : other;

    private TimeSpan Between(double least, double most) =>
        TimeSpan.FromSeconds(least + (_random.NextDouble() * (most - least)));
}
