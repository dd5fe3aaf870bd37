using System.Globalization;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>
/// A fleet over three stores while processes are killed, frozen and replaced, servers restart, freeze and fail over. Two minutes in the full run;
/// <c>TOKENAUTH_TEST_CHAOS_MINUTES</c> says how many, <c>TOKENAUTH_TEST_CHAOS_SEED</c> draws the same faults again. The vendor's ledger judges.
/// </summary>
[Collection(MeasuredAlone.Name)]
public sealed class FleetChaosTests
{
    private static readonly TimeSpan _quiet = ChaosServers.TokenLife * 2;
    private static readonly TimeSpan _start = TimeSpan.FromSeconds(20); // until a process has its first tokens, on a machine that starves

    private static double Minutes => Setting("TOKENAUTH_TEST_CHAOS_MINUTES", 2);

    [FullRunFact]
    [Trait("Failure", "39")]
    [Trait("Failure", "41")]
    [Trait("Failure", "75")]
    public async Task An_echoed_refresh_token_is_spent_only_by_processes_that_start_while_their_store_is_away()
    {
        var seed = (int)Setting("TOKENAUTH_TEST_CHAOS_SEED", Random.Shared.Next());
        await using var servers = await ChaosServers.StartAsync();
        using var fleet = new ChaosFleet(servers);
        var director = new ChaosDirector(servers, fleet, seed);
        for (var process = 0; process < ChaosFleet.Size; process++)
            fleet.Start(process);
        await Task.Delay(TimeSpan.FromSeconds(10), TestRun.Cancellation);

        await director.RunAsync(TimeSpan.FromMinutes(Minutes));
        var callsBefore = servers.Vendors.ToDictionary(v => v.Key, v => v.Value.Ledger.TokenCalls);
        await Task.Delay(_quiet, TestRun.Cancellation);

        Report.Line(Account(servers, fleet, director, seed));
        foreach (var ((store, rule), vendor) in servers.Vendors)
        {
            var line = $"{store}/{rule}";
            // In two quiet lives of a token the fleet renews as one process does, at 63 % to 81 % of a life.
            Assert.InRange(vendor.Ledger.TokenCalls - callsBefore[(store, rule)], 2, 5);
            Assert.InRange(fleet.TokensInUse(line), 1, 2);
            var faults = rule == VkCloudRefreshTokenRule.Echoed ? 0 : director.Faults.Values.Sum();
            Assert.InRange(vendor.Ledger.RefreshTokensMinted, 1, 1 + ColdStarts(store, fleet, director) + faults);
        }

        // Where refresh tokens are echoed, only a process that was frozen while it asked the vendor fails its caller.
        var echoed = fleet
            .Failures.Where(failure => failure.Line.EndsWith("Echoed", StringComparison.Ordinal))
            .ToList();
        Assert.All(
            echoed,
            failure => Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal)
        );
    }

    /// <summary>Processes that may have started while their store was away.</summary>
    private static int ColdStarts(string store, ChaosFleet fleet, ChaosDirector director) =>
        fleet.Starts.Count(start =>
            director.Outages.Any(outage => outage.Store == store && outage.From < start + _start && outage.To > start)
        );

    private static string Account(ChaosServers servers, ChaosFleet fleet, ChaosDirector director, int seed)
    {
        var culture = CultureInfo.InvariantCulture;
        var faults = string.Join(", ", director.Faults.Select(fault => $"{fault.Value} × {fault.Key}"));
        var lines = servers.Vendors.Select(vendor =>
        {
            var line = $"{vendor.Key.Store}/{vendor.Key.Rule}";
            var ledger = vendor.Value.Ledger;
            var failed = fleet.Failures.Where(failure => failure.Line == line).Select(failure => failure.Message);

            return string.Create(
                culture,
                $"  {line}: {ledger.TokenCalls} token calls, {ledger.RefreshTokensMinted} refresh tokens, longest wait "
                    + $"{fleet.LongestWaits.GetValueOrDefault(line):0.0} s, {failed.Count()} failed {failed.FirstOrDefault()}"
            );
        });

        return string.Create(
                culture,
                $"Chaos, {Minutes} minutes, seed {seed}: {fleet.Starts.Count} processes started; {faults}; one process alone would make {Minutes * 60 / (0.72 * ChaosServers.TokenLife.TotalSeconds):0} calls.\n"
            ) + string.Join('\n', lines);
    }

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
