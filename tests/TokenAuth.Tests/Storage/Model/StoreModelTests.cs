#if !NETSTANDARD_ASSEMBLY
namespace TokenAuth.Tests.Storage.Model;

/// <summary>
/// The protocol between processes, store and vendor, explored whole: every order of steps and faults, for each store's compare-and-set. A run
/// has two processes and two faults of five kinds; the full one, of <c>TOKENAUTH_TEST_FULL=1</c>, three and three, over a million states a store.
/// </summary>
public sealed class StoreModelTests
{
    private const string LateWrite = "A late write replaces nothing newer.";

    private static readonly ModelFaults _oneOfEach = new(1, 1, 1, 1, 1);

    public static TheoryData<string, bool> Models =>
        new MatrixTheoryData<string, bool>(["file", "PostgreSQL", "Redis"], [false, true]);

    [Theory, MemberData(nameof(Models))]
    [Trait("Failure", "39")]
    [Trait("Failure", "40")]
    [Trait("Failure", "82")]
    [Trait("Failure", "90")]
    public void Every_sentence_holds_in_every_state(string store, bool isSingleUse)
    {
        var (processes, faults, least) = TestRun.IsFull ? (3, 3, 1_000_000) : (2, 2, 19_000);
        var explorer = new Explorer(new StoreModel(Rules(store), isSingleUse, faults));

        var broken = explorer.Explore(StoreModel.Start(processes, renewals: 1, _oneOfEach));

        TestContext.Current.TestOutputHelper?.WriteLine($"{store}: {explorer.Count:N0} states");
        Assert.Null(broken);
        Assert.True(explorer.Count >= least, $"Only {explorer.Count} states.");
    }

    [Theory, Trait("Failure", "82")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_counted_version_lets_a_late_write_overwrite_a_newer_record_after_a_failover(bool isSingleUse)
    {
        var explorer = new Explorer(new StoreModel(StoreRules.Counted, isSingleUse, mostFaults: 1));

        var broken = explorer.Explore(StoreModel.Start(2, renewals: 1, new ModelFaults(0, 0, 0, 0, Failovers: 1)));

        Assert.Equal(
            [
                LateWrite,
                "start",
                "0: reads",
                "0: takes the lease",
                "0: asks",
                "0: writes",
                "1: reads",
                "the tokens fall due",
                "0: reads",
                "0: takes the lease",
                "0: asks",
                "1: reads",
                "the store fails over",
                "1: takes the lease",
                "1: asks",
                "1: writes",
                "0: writes",
            ],
            Assert.IsType<string>(broken).Split('\n')
        );
    }

    [Fact, Trait("Failure", "90")]
    public void A_store_that_lets_late_writers_in_beside_a_holder_refuses_the_holder()
    {
        var hasty = StoreRules.Redis with { RefusesLateWriters = false };
        var explorer = new Explorer(new StoreModel(hasty, isSingleUse: true, mostFaults: 1));

        var broken = explorer.Explore(StoreModel.Start(2, renewals: 0, new ModelFaults(0, Stalls: 1, 0, 0, 0)));

        Assert.StartsWith("A holder whose lease lives is never refused.\n", broken, StringComparison.Ordinal);
        Assert.Contains("stalls until its lease has ended", broken, StringComparison.Ordinal);
    }

    [Fact, Trait("Failure", "39")]
    public void A_dead_holder_whose_lease_never_ended_would_leave_the_others_waiting()
    {
        var model = new StoreModel(StoreRules.Redis, isSingleUse: false, mostFaults: 1);
        var start = StoreModel.Start(1, renewals: 0, default) with { Holder = ModelState.Dead };

        var ends = model.Moves(start).Where(move => move.Move == "the lease of the dead holder ends");

        Assert.Single(ends);
        Assert.NotNull(ModelSentences.BrokenBy(model, start, isEnd: true));
    }

    /// <summary>
    /// The account that docs/fleets.md gives: refresh tokens that a fault costs at worst, calls of the vendor in place of one, and how many leases that
    /// end by themselves somebody waits for, one after the other: in a store that frees a dead holder's lease at once, and in Redis.
    /// </summary>
    [Theory]
    [InlineData("no fault", 0, 0, 0, 0, 0, 0, 1, 0, 0)]
    [InlineData("a crash", 1, 0, 0, 0, 0, 1, 2, 0, 1)]
    [InlineData("a stall", 0, 1, 0, 0, 0, 1, 2, 1, 1)]
    [InlineData("both", 1, 1, 0, 0, 0, 2, 3, 1, 2)]
    [InlineData("a lost response", 0, 0, 1, 0, 0, 1, 2, 0, 0)]
    [InlineData("an outage for one command", 0, 0, 0, 1, 0, 1, 2, 0, 0)]
    [InlineData("a failover", 0, 0, 0, 0, 1, 1, 2, 0, 0)]
    [InlineData("a stall and a failover", 0, 1, 0, 0, 1, 3, 2, 1, 1)]
    [Trait("Failure", "39")]
    [Trait("Failure", "82")]
    public void A_fault_costs_no_more_than_the_account_says(
        string fault,
        byte crashes,
        byte stalls,
        byte lostResponses,
        byte outages,
        byte failovers,
        int spent,
        int calls,
        int waits,
        int waitsOfRedis
    )
    {
        var faults = new ModelFaults(crashes, stalls, lostResponses, outages, failovers);
        foreach (var rules in new[] { StoreRules.File, StoreRules.Postgres, StoreRules.Redis })
        {
            var echoed = new Explorer(new StoreModel(rules, isSingleUse: false, faults.Total));
            var singleUse = new Explorer(new StoreModel(rules, isSingleUse: true, faults.Total));

            Assert.Null(echoed.Explore(StoreModel.Start(2, renewals: 1, faults)));
            Assert.Null(singleUse.Explore(StoreModel.Start(2, renewals: 1, faults)));

            var longest = rules.Lease * singleUse.MostWaits;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"| {rules} | {fault} | {singleUse.MostCalls} calls | {singleUse.MostSpent} spent, {echoed.MostSpent} of those that are echoed | {longest.TotalSeconds:0} s |"
            );
            var expected = (fault, rules.Name, 0, spent, calls, rules.FreesAtDeath ? waits : waitsOfRedis);
            var found = (echoed.MostSpent, singleUse.MostSpent, singleUse.MostCalls, singleUse.MostWaits);
            Assert.Equal(expected, (fault, rules.Name, found.Item1, found.Item2, found.Item3, found.Item4));
        }
    }

    private static StoreRules Rules(string store) =>
        new[] { StoreRules.File, StoreRules.Postgres, StoreRules.Redis }.Single(rules => rules.Name == store);
}
#endif
