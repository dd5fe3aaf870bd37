using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime;

/// <summary>What the engine decides, without a source and a store: each method a table.</summary>
public sealed class GrantMemoryTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private readonly ManualTimeProvider _time = new();
    private readonly GrantMemory _memory;

    public GrantMemoryTests() => _memory = Create(mayRepeat: false);

    // A token of one hour, and its age in minutes: early from 47:12, due from 59:00.
    [Theory]
    [InlineData("nothing", 0, "", "waits for a new renewal")]
    [InlineData("nothing", 0, "transient", "fails")]
    [InlineData("nothing", 0, "permanent", "fails")]
    [InlineData("nothing", 0, "transient, store", "waits for a new renewal")]
    [InlineData("nothing", 0, "permanent, store", "waits for a new renewal")]
    [InlineData("obtained", 47, "", "token")]
    [InlineData("obtained", 48, "", "token and a new renewal")]
    [InlineData("obtained", 48, "permanent", "token")]
    [InlineData("obtained", 48, "permanent, store", "token")]
    [InlineData("obtained", 59, "", "waits for a new renewal")]
    [InlineData("obtained", 59, "transient", "token")]
    [InlineData("obtained", 59, "transient, store", "token and a new renewal")]
    [InlineData("obtained", 59, "permanent", "fails")]
    [InlineData("obtained", 59, "permanent, store", "waits for a new renewal")]
    [InlineData("obtained", 60, "", "waits for a new renewal")]
    [InlineData("obtained", 60, "transient", "fails")]
    [InlineData("restored", 59, "transient", "token")]
    [InlineData("restored", 60, "transient", "fails")]
    [InlineData("rejected", 0, "", "waits for a new renewal")]
    [InlineData("rejected", 0, "transient", "fails")]
    [InlineData("ended", 0, "", "is told of the end")]
    [InlineData("ended", 0, "transient", "is told of the end")]
    public void A_caller_gets(string state, double age, string heldBack, string expected)
    {
        Reach(state);
        _time.Advance(TimeSpan.FromMinutes(age) - (_time.GetUtcNow() - _start));

        var turn = Ask(heldBack);

        Assert.Equal(expected, Said(turn));
    }

    [Theory]
    [InlineData("nothing", 0, "first")]
    [InlineData("obtained", 48, "early")]
    [InlineData("obtained", 59, "due")]
    [InlineData("obtained", 60, "expired")]
    [InlineData("rejected", 0, "rejected")]
    [InlineData("restored", 59, "due")]
    [InlineData("restored", 60, "first")]
    public void A_renewal_has_a_reason(string state, double age, string expected)
    {
        Reach(state);
        _time.Advance(TimeSpan.FromMinutes(age) - (_time.GetUtcNow() - _start));

        Assert.Equal(expected, Ask("").Renewal?.Reason);
    }

    [Fact]
    [Trait("Failure", "13")]
    public void A_second_caller_joins_the_renewal_that_runs()
    {
        var first = Ask("");
        var second = Ask("");

        Assert.True(first.HasBegun);
        Assert.False(second.HasBegun);
        Assert.Same(first.Renewal, second.Renewal);
    }

    // The vendor is left alone, and the store is looked into once a second.
    [Theory]
    [Trait("Failure", "34")]
    [InlineData(-1, "fails")]
    [InlineData(0, "waits for a new renewal")]
    public void After_a_look_that_found_nothing_the_next_one_begins_a_second_later(long ticksLater, string expected)
    {
        var look = Ask("transient, store").Renewal!;
        Assert.True(_memory.Complete(look, new RenewalOutcome.HeldBack(Failure("transient")), out _));

        _time.Advance(TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(ticksLater));

        Assert.Equal(expected, Said(Ask("transient, store")));
    }

    // "Later" is one tick after ours was asked for.
    [Theory]
    [InlineData("nothing", "later", 0, "taken")]
    [InlineData("nothing", "earlier", 47, "taken")]
    [InlineData("nothing", "earlier", 59, "restored")] // due: it serves until a renewal succeeds
    [InlineData("nothing", "earlier", 60, "left")] // expired
    [InlineData("obtained", "earlier", 0, "left")]
    [InlineData("obtained", "same", 0, "left")]
    [InlineData("obtained", "later", 0, "taken")]
    [InlineData("obtained", "later", 47, "taken")]
    [InlineData("obtained", "later", 59, "left")]
    [InlineData("restored", "same", 59.5, "left")]
    [InlineData("restored", "half an hour later", 30, "taken")]
    [InlineData("rejected", "earlier", 0, "left")]
    [InlineData("rejected", "later", 0, "taken")]
    [InlineData("rejected", "the rejected one, later", 0, "left")]
    [InlineData("obtained", "what it replaced, later", 0, "left")]
    [InlineData("obtained", "none", 0, "left")]
    public void A_stored_grant_is(string state, string stored, double age, string expected)
    {
        Reach(state);
        var requestedAt =
            _start
            + stored switch
            {
                "same" => TimeSpan.Zero,
                "half an hour later" => TimeSpan.FromMinutes(30),
                _ => TimeSpan.FromTicks(stored.EndsWith("later", StringComparison.Ordinal) ? 1 : -1),
            };
        var token =
            stored.StartsWith("the rejected one", StringComparison.Ordinal) ? "ours"
            : stored.StartsWith("what it replaced", StringComparison.Ordinal) ? "replaced"
            : "stored";
        var at = requestedAt + TimeSpan.FromMinutes(age);
        if (at > _time.GetUtcNow())
            _time.Advance(at - _time.GetUtcNow());
        var before = _memory.Serving?.Token.Value;

        var taken = _memory.TakeStored(stored == "none" ? null : Record(token, requestedAt));

        var isRestored = taken is null && _memory.Serving?.Token.Value != before;
        Assert.Equal(
            expected,
            taken is not null ? "taken"
                : isRestored ? "restored"
                : "left"
        );
    }

    // Ours was asked for at the start; the store's some ticks later.
    [Theory]
    [InlineData(null, null, true, false, null, null)]
    [InlineData(0, null, true, false, "ours", null)]
    [InlineData(null, 0, true, false, "stored", null)]
    [InlineData(0, -1, true, false, "stored", "ours")] // the store has seen the others' renewals
    [InlineData(0, 1, true, false, "stored", "ours")]
    [InlineData(0, -1, true, true, "ours", "stored")] // it does not have ours yet
    [InlineData(0, 0, true, true, "stored", "ours")]
    [InlineData(0, 1, true, true, "stored", "ours")]
    [InlineData(0, 1, false, false, "stored", "ours")] // what it had before it failed
    [InlineData(0, 0, false, false, "ours", null)]
    [InlineData(0, -1, false, false, "ours", null)]
    [InlineData(null, 0, false, false, "stored", null)]
    public void What_renews_is(
        int? ours,
        int? stored,
        bool hasRead,
        bool isPending,
        string? refreshToken,
        string? other
    )
    {
        _time.Advance(_hour + TimeSpan.FromMinutes(1)); // all have expired
        var known = ours is null ? null : Record("ours", _start);
        if (isPending)
            _memory.KeepUntilSaved(known!);
        _memory.TakeStored(stored is { } ticks ? Record("stored", _start + TimeSpan.FromTicks(ticks)) : null);

        var renews = _memory.BestToRenew(known, hasRead);

        Assert.Equal((refreshToken, other), (renews?.Grant.RefreshToken, renews?.Grant.OtherRefreshToken));
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData(true)]
    [InlineData(false)]
    public void What_we_have_renewed_is_not_newer_than_what_came_of_it_whatever_the_clock_said(bool hasRead)
    {
        var theirs = Record("stored", _start + TimeSpan.FromHours(3)); // the wall clock was set back since
        _memory.TakeStored(theirs);
        var ours = Record("ours", _start);
        Judge("ours", previous: theirs);
        _memory.KeepUntilSaved(ours);

        Assert.Equal("ours", _memory.BestToRenew(ours, hasRead)?.Grant.RefreshToken);
    }

    [Theory]
    [InlineData("nothing", "new", "Good", "new")]
    [InlineData("nothing", "expired", "Expired", null)]
    [InlineData("obtained", "ours", "Good", "ours")] // the same once more
    [InlineData("obtained", "expired", "Expired", "ours")]
    [InlineData("rejected", "new", "Good", "new")]
    [InlineData("rejected", "ours", "Refused", null)]
    [InlineData("restored", "expired", "Expired", "ours")]
    public void What_the_vendor_gives_is(string state, string given, string verdict, string? serving)
    {
        Reach(state);
        var turn = _memory.Ask(TimeSpan.FromHours(3), heldBackBy: null, mayReadStore: false);

        var held = Held(given, given == "expired" ? TimeSpan.Zero : _hour);
        var judged = _memory.Judge(held, previous: null, turn.Renewal!.Known, wasPastCache: false);
        _memory.Complete(
            turn.Renewal,
            judged == Verdict.Good ? new RenewalOutcome.Renewed(held) : new RenewalOutcome.Failed(Failure("transient")),
            out _
        );

        Assert.Equal(verdict, judged.ToString());
        Assert.Equal(serving, _memory.Serving?.Token.Value);
        Assert.Equal(judged == Verdict.Good, _memory.Failing is null);
        Assert.Equal(
            given,
            _memory.Ask(TimeSpan.FromHours(2), null, mayReadStore: false).Renewal?.Known?.Grant.AccessToken.Value
        );
    }

    // A source that answers from a cache of its own.
    [Theory]
    [Trait("Failure", "92")]
    [InlineData("obtained", "ours", false, "Good")]
    [InlineData("rejected", "new", true, "Good")]
    [InlineData("rejected", "ours", true, "RefusedForNow")]
    [InlineData("rejected", "ours", false, "Refused")] // asked before the refusal
    [InlineData("rejected for now", "ours", false, "GoodAgain")]
    [InlineData("in use again", "ours", false, "GoodAgain")] // an early renewal
    [InlineData("rejected again", "ours", true, "RefusedForNow")]
    public void What_a_source_gives_that_caches_is(string state, string given, bool wasPastCache, string verdict)
    {
        var memory = Create(mayRepeat: true);
        Reach(memory, state);

        Assert.Equal(verdict, memory.Judge(Held(given, _hour), previous: null, known: null, wasPastCache).ToString());
    }

    [Theory]
    [InlineData("nothing", "OfAnother")]
    [InlineData("obtained", "Accepted")]
    [InlineData("restored", "Accepted")]
    [InlineData("rejected", "OfAnother")]
    [InlineData("ended", "OfAnother")]
    public void A_refusal_is(string state, string expected)
    {
        Reach(state);

        Assert.Equal(expected, _memory.Reject(new AccessToken("ours")).ToString());
        Assert.Equal(Rejection.OfAnother, _memory.Reject(new AccessToken("another")));
    }

    [Fact]
    [Trait("Failure", "22")]
    public void Twenty_refusals_an_hour_are_accepted_and_the_first_beyond_is_told()
    {
        for (var i = 0; i < 20; i++)
        {
            Renew(_memory, "token-" + i);
            Assert.Equal(Rejection.Accepted, _memory.Reject(new AccessToken("token-" + i)));
        }

        Renew(_memory, "last");

        Assert.Equal(Rejection.IgnoredFirst, _memory.Reject(new AccessToken("last")));
        Assert.Equal(Rejection.Ignored, _memory.Reject(new AccessToken("last")));
        Assert.Equal("last", _memory.Usable?.Value);
    }

    // What is stored was asked for so many ticks after ours.
    [Theory]
    [Trait("Failure", "38")]
    [InlineData(null, false, "ours")]
    [InlineData(-1, false, "ours")]
    [InlineData(0, false, "ours")]
    [InlineData(1, false, "stored")]
    [InlineData(-1, true, "stored")] // after another process' grant was taken
    public void What_is_saved_late_is(int? ticks, bool isOvertaken, string expected)
    {
        var ours = Record("ours", _start);
        _memory.KeepUntilSaved(ours);
        if (isOvertaken)
            Assert.NotNull(_memory.TakeStored(Record("theirs", _start)));

        var saved = _memory.BestToSave(
            ticks is { } later ? Record("stored", _start + TimeSpan.FromTicks(later)) : null,
            out var pending
        );

        Assert.Equal(expected, saved?.Grant.AccessToken.Value);
        Assert.Same(ours, pending);
        Assert.True(_memory.Saved(pending!));
        Assert.Null(_memory.Pending);
        Assert.Null(_memory.BestToSave(saved, out _));
    }

    [Fact]
    public void What_was_taken_out_of_the_store_is_not_brought_back_by_a_late_save()
    {
        _memory.TakeStored(Record("ours", _start - _hour));
        _memory.KeepUntilSaved(Record("ours", _start));

        Assert.Null(_memory.BestToSave(stored: null, out _));
        Assert.Null(_memory.Pending);
    }

    [Fact]
    public void Nor_is_one_of_a_tenants_earlier_secret()
    {
        var options = new CachedTokenOptions { Tenant = "acme", SecretDigest = "new" };
        var memory = new GrantMemory(options, _time);
        memory.TakeStored(Record("theirs", _start - _hour, "old"));
        memory.KeepUntilSaved(Record("ours", _start, "new"));

        Assert.Null(memory.BestToSave(stored: null, out _));
        Assert.Null(memory.Pending);
    }

    [Theory]
    [Trait("Failure", "25")]
    [Trait("Failure", "92")]
    [InlineData("obtained", false, true, null)]
    [InlineData("obtained", false, false, "ours")]
    [InlineData("in use again", true, true, null)]
    [InlineData("in use again", true, false, "ours")]
    [InlineData("rejected for now", true, false, "ours")]
    public void A_token_that_is_refused_after_the_engine_has_judged_it_is_not_published(
        string state,
        bool mayRepeat,
        bool isRefused,
        string? serving
    )
    {
        var memory = Create(mayRepeat);
        Reach(memory, state);
        var renewal = memory.Ask(TimeSpan.FromHours(3), heldBackBy: null, mayReadStore: false).Renewal!;
        var held = Held("ours", _hour);
        memory.Judge(held, previous: null, known: null, wasPastCache: false);
        if (isRefused)
            Assert.Equal(Rejection.Accepted, memory.Reject(new AccessToken("ours")));

        Assert.True(memory.Complete(renewal, new RenewalOutcome.Renewed(held), out _));

        Assert.Equal(serving, memory.Serving?.Token.Value);
        Assert.Equal(isRefused, memory.MustAskPastCache);
    }

    [Fact]
    [Trait("Failure", "25")]
    public void Nor_is_one_of_the_store_that_serves_meanwhile()
    {
        Reach("obtained");
        var stored = _memory.TakeStored(Record("ours", _start + TimeSpan.FromTicks(1)))!;
        _memory.Reject(new AccessToken("ours"));

        _memory.Serve(stored);

        Assert.Null(_memory.Serving);
    }

    [Fact]
    public void One_that_came_while_another_was_saved_stays_pending()
    {
        var first = Record("first", _start);
        var second = Record("second", _start);
        _memory.KeepUntilSaved(first);
        _memory.KeepUntilSaved(second);

        Assert.False(_memory.Saved(first));

        Assert.Same(second, _memory.Pending);
    }

    [Fact]
    [Trait("Failure", "18")]
    public void What_comes_after_the_end_changes_nothing()
    {
        var renewal = Ask("").Renewal!;
        Assert.True(_memory.End(out var underWay));
        Assert.Same(renewal, underWay);

        Assert.False(_memory.Complete(renewal, new RenewalOutcome.Renewed(Held("late", _hour)), out _));

        Assert.Null(_memory.Serving);
        Assert.False(_memory.End(out _));
    }

    private GrantMemory Create(bool mayRepeat) => new(new CachedTokenOptions { Jitter = () => 0.5 }, _time, mayRepeat);

    private void Reach(string state) => Reach(_memory, state);

    /// <summary>At the start, with a token "ours" of one hour that renewed "replaced".</summary>
    private void Reach(GrantMemory memory, string state)
    {
        switch (state)
        {
            case "obtained":
                memory.Judge(
                    Held("ours", _hour),
                    Record("replaced", _start - TimeSpan.FromTicks(1)),
                    known: null,
                    wasPastCache: false
                );
                Renew(memory, "ours");
                break;
            case "restored":
                _time.Advance(TimeSpan.FromMinutes(59));
                Assert.Null(memory.TakeStored(Record("ours", _start)));
                break;
            case "rejected":
                Reach(memory, "obtained");
                memory.Reject(new AccessToken("ours"));
                break;
            case "rejected for now":
                Reach(memory, "rejected");
                memory.Judge(Held("ours", _hour), previous: null, known: null, wasPastCache: true);
                break;
            case "in use again":
                Reach(memory, "rejected for now");
                Renew(memory, "ours");
                break;
            case "rejected again":
                Reach(memory, "in use again");
                memory.Reject(new AccessToken("ours"));
                break;
            case "ended":
                Reach(memory, "obtained");
                memory.End(out _);
                break;
        }
    }

    private void Renew(GrantMemory memory, string token)
    {
        var renewal = memory.Ask(TimeSpan.Zero, heldBackBy: null, mayReadStore: false).Renewal!;
        Assert.True(memory.Complete(renewal, new RenewalOutcome.Renewed(Held(token, _hour)), out _));
    }

    private void Judge(string token, TokenRecord previous) =>
        _memory.Judge(Held(token, _hour), previous, known: null, wasPastCache: false);

    private Turn Ask(string heldBack) =>
        _memory.Ask(
            TimeSpan.Zero,
            heldBack.Length == 0 ? null : Failure(heldBack.Split(',')[0]),
            mayReadStore: heldBack.EndsWith("store", StringComparison.Ordinal)
        );

    private static string Said(Turn turn) =>
        turn switch
        {
            { Token: not null, HasBegun: true } => "token and a new renewal",
            { Token: not null } => "token",
            { HasBegun: true } => "waits for a new renewal",
            { Renewal.Completed: { IsCompletedSuccessfully: true, Result: RenewalOutcome.Ended } } =>
                "is told of the end",
            { Renewal: not null } => "waits for the renewal that runs",
            _ => "fails",
        };

    private static RenewalFailure Failure(string kind) =>
        RenewalFailure.From(new TokenAcquisitionException("down") { IsTransient = kind == "transient" }, "vk");

    private HeldToken Held(string token, TimeSpan life) =>
        new(
            new TokenGrant(new AccessToken(token, _time.GetUtcNow() + life)) { RefreshToken = token },
            _time.GetUtcNow(),
            _time.GetTimestamp(),
            TokenWindows.For(life, reuseFor: null, jitter: 0.5)
        );

    private static TokenRecord Record(string token, DateTimeOffset requestedAt, string? secretDigest = null) =>
        new(new TokenGrant(new AccessToken(token, requestedAt + _hour)) { RefreshToken = token }, requestedAt)
        {
            SecretDigest = secretDigest,
        };
}
