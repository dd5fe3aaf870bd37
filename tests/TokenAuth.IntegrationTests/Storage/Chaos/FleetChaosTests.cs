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

    private static double Minutes => Setting("TOKENAUTH_TEST_CHAOS_MINUTES", 2);

    [FullRunFact]
    [Trait("Failure", "39")]
    [Trait("Failure", "41")]
    [Trait("Failure", "75")]
    public async Task A_fault_explains_each_refresh_token_that_the_fleet_spends()
    {
        var seed = (int)Setting("TOKENAUTH_TEST_CHAOS_SEED", Random.Shared.Next());
        await using var servers = await ChaosServers.StartAsync();
        using var fleet = new ChaosFleet(servers);
        var director = new ChaosDirector(servers, fleet, seed);
        for (var place = 0; place < ChaosFleet.Size; place++)
            fleet.Start(place);
        await Task.Delay(TimeSpan.FromSeconds(10), TestRun.Cancellation);

        await director.RunAsync(TimeSpan.FromMinutes(Minutes));
        var callsBefore = servers.Vendors.ToDictionary(v => v.Key, v => v.Value.Ledger.TokenCalls);
        await Task.Delay(_quiet, TestRun.Cancellation);

        var account = new ChaosAccount(servers, fleet, director.Faults);
        Report.Line(string.Create(CultureInfo.InvariantCulture, $"Chaos, {Minutes} minutes, seed {seed}: {account}"));
        Assert.DoesNotContain(account.Spent, spent => spent.Token.Cause is null);
        // Where refresh tokens are echoed, the good one is lost to nobody who has ever known it.
        Assert.DoesNotContain(
            account.Spent,
            spent => spent.Line.EndsWith("Echoed", StringComparison.Ordinal) && !spent.Token.IsOfBlind
        );
        foreach (var (line, vendor) in servers.Vendors)
        {
            // In two quiet lives of a token the fleet renews as one process does, at 63 % to 81 % of a life.
            Assert.InRange(vendor.Ledger.TokenCalls - callsBefore[line], 2, 5);
            Assert.InRange(fleet.TokensInUse(ChaosServers.NameOf(line)), 1, 2);
        }

        // There only a process that was frozen while it asked the vendor fails its caller.
        Assert.All(
            fleet.Failures.Where(failure => failure.Line.EndsWith("Echoed", StringComparison.Ordinal)),
            failure => Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal)
        );
    }

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
