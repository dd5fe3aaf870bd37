namespace TokenAuth.Tests.Storage;

/// <summary>
/// How the chaos run traces a refresh token that was spent. In each scene process 2 spends one although process 1 has renewed: by the seconds of a minute,
/// process 1 leases at 10 and asks from 11 to 12; process 2 leases, presents the same refresh token from 21 to 22 in vain, and spends one at 23.
/// </summary>
public sealed class SpentTokensTests
{
    private const string Store = "postgres";

    private static readonly VendorExchange[] _exchanges =
    [
        Call(1, 1, presented: null, "a"),
        Call(1, 11, "a", "b"),
        Call(2, 21, "a", granted: null),
        Call(2, 22, presented: null, "c"),
    ];

    private static readonly StoreStep[] _unwritten =
    [
        Step(1, "lease", 10, 10.5, "a"),
        Step(2, "read", 19, 19.5, "a"),
        Step(2, "lease", 20, 20.5, "a"),
    ];

    private static StoreStep[] Written => [.. _unwritten, Step(1, "write", 12, 12.5, "b")];

    [Fact]
    public void The_first_refresh_token_of_a_fleet_is_not_counted() =>
        Assert.Empty(new SpentTokens(Store, _exchanges[..2], _unwritten, []).Find());

    [Theory]
    [InlineData(9.9, false)] // over before the lease
    [InlineData(10, true)]
    [InlineData(12.5, true)]
    [InlineData(15.1, false)] // it had time enough to write
    public void A_process_that_dies_between_its_lease_and_its_write_is_a_cause(double second, bool isCause) =>
        AssertCause(isCause, _unwritten, OfProcess(1, ChaosFaultKind.Crash, second, second));

    [Fact]
    public void The_death_of_another_process_is_no_cause() =>
        AssertCause(isCause: false, _unwritten, OfProcess(3, ChaosFaultKind.Crash, 12, 12));

    [Theory]
    [InlineData(1, 5, 9.9, false)]
    [InlineData(1, 5, 10, true)]
    [InlineData(2, 20.2, 20.9, true)] // the one that spends comes late with what it has read
    [InlineData(2, 15, 19.9, false)]
    public void A_process_that_is_frozen_while_it_renews_is_a_cause(
        int process,
        double from,
        double to,
        bool isCause
    ) => AssertCause(isCause, _unwritten, OfProcess(process, ChaosFaultKind.Stall, from, to));

    [Theory]
    [InlineData("postgres", 8, 9, false)]
    [InlineData("postgres", 11.5, 13, true)]
    [InlineData("redis", 11.5, 13, false)]
    [InlineData("postgres", 16, 18, false)]
    public void A_server_that_ends_the_lease_is_a_cause(string store, double from, double to, bool isCause) =>
        AssertCause(isCause, _unwritten, OfServer(store, ChaosFaultKind.Outage, from, to));

    [Theory]
    [InlineData(1.9, false)]
    [InlineData(7.1, true)] // the clients may need five seconds
    public void A_server_that_was_away_is_a_cause_where_a_step_failed(double to, bool isCause) =>
        AssertCause(
            isCause,
            [.. _unwritten, Step(1, "write", 12, 14, "failed")],
            OfServer(Store, ChaosFaultKind.Outage, 1, to)
        );

    [Theory]
    [InlineData("failed", 20.5, true)]
    [InlineData("a", 21.5, true)] // it did not wait for the lease
    [InlineData("left", 20.5, false)] // another process had renewed
    public void A_server_that_was_away_is_a_cause_where_the_spender_could_not_look(
        string outcome,
        double to,
        bool isCause
    ) =>
        AssertCause(
            isCause,
            [Step(1, "lease", 10, 10.5, "a"), Step(1, "write", 12, 12.5, "b"), Step(2, "lease", 20, to, outcome)],
            OfServer(Store, ChaosFaultKind.Outage, 16, 17)
        );

    [Theory]
    [InlineData(ChaosFaultKind.Failover, 13, true)]
    [InlineData(ChaosFaultKind.Failover, 11.9, false)] // over before the write
    [InlineData(ChaosFaultKind.Outage, 13, false)] // a restart loses nothing
    public void What_was_written_is_lost_in_a_failover_alone(ChaosFaultKind kind, double at, bool isCause) =>
        AssertCause(isCause, Written, OfServer(Store, kind, at, at));

    [Fact]
    public void A_pooler_is_no_cause_for_a_process_that_does_not_use_it() =>
        AssertCause(
            isCause: false,
            _unwritten,
            OfServer(Store, ChaosFaultKind.Outage, 11.5, 13) with
            {
                IsOfPooler = true,
            }
        );

    private static void AssertCause(bool isCause, StoreStep[] steps, ChaosFault fault)
    {
        var spent = Assert.Single(new SpentTokens(Store, _exchanges, steps, [fault]).Find());

        Assert.Equal(isCause ? fault : null, spent.Cause);
    }

    private static VendorExchange Call(int process, double asked, string? presented, string? granted) =>
        new(process, At(asked), At(asked + 1), presented, granted);

    private static StoreStep Step(int process, string name, double from, double to, string outcome) =>
        new(process, name, At(from), At(to), outcome);

    private static ChaosFault OfProcess(int process, ChaosFaultKind kind, double from, double to) =>
        new("fault", kind, At(from)) { Process = process, To = At(to) };

    private static ChaosFault OfServer(string store, ChaosFaultKind kind, double from, double to) =>
        new("fault", kind, At(from)) { Store = store, To = At(to) };

    private static DateTimeOffset At(double second) => DateTimeOffset.UnixEpoch.AddSeconds(second);
}
