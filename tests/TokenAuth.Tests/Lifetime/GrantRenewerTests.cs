using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

public sealed class GrantRenewerTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;
    private readonly ScriptedStore _store = new();
    private readonly RecordedLogs _logs = new();
    private readonly CachedTokenOptions _options = new();
    private readonly GrantMemory _memory;
    private readonly GrantStore _grants;
    private readonly GrantRenewer _renewer;

    public GrantRenewerTests()
    {
        _source = new ScriptedSource(_time);
        _memory = new GrantMemory(_options, _time);
        _grants = new GrantStore(_store, "key", "vk", _time, _logs);
        _renewer = new GrantRenewer(
            new GrantSource(_source, "vk", _time, _logs),
            _memory,
            new BackOff(_time, () => 0),
            _grants,
            _options,
            _time
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_store_that_is_slow_at_the_start_does_not_cost_a_second_grant()
    {
        var time = new ManualTimeProvider();
        var source = new ScriptedSource(time);
        var stored = new TokenRecord(
            new TokenGrant(new AccessToken("stored", time.GetUtcNow() + TimeSpan.FromHours(1))),
            time.GetUtcNow()
        );
        var store = new ScriptedStore(stored);
        store.StallAt("read");
        using var provider = new CachedTokenProvider(source, null, time, store);

        var token = provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => store.Operations.Contains("read"));
        time.Advance(TimeSpan.FromSeconds(2)); // the limit of the read

        Assert.Equal("stored", (await token.WaitAsync(TimeSpan.FromSeconds(10), Cancel)).Value);
        Assert.Equal(0, source.Calls);
    }

    [Theory]
    [Trait("Failure", "36")]
    [InlineData("one", "one", "token-1")]
    [InlineData("one", "two", "token-2")]
    [InlineData("one", null, "token-2")]
    [InlineData(null, "two", "token-2")]
    public async Task A_token_that_was_stored_under_another_secret_is_not_used(
        string? before,
        string? after,
        string expected
    )
    {
        var time = new ManualTimeProvider();
        var source = new ScriptedSource(time);
        var store = new ScriptedStore();

        await GetAsync(before);
        var token = await GetAsync(after);

        Assert.Equal(expected, token.Value);

        async Task<AccessToken> GetAsync(string? digest)
        {
            using var provider = new CachedTokenProvider(source, new() { SecretDigest = digest }, time, store);

            return await provider.GetTokenAsync(Cancel);
        }
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task With_a_grant_in_memory_a_store_that_fails_is_not_waited_for()
    {
        _store.FailAt("read");
        var known = new TokenRecord(_source.Grant(0), _time.GetUtcNow());

        var held = await RunAsync(known);

        Assert.Equal("token-1", held.Token.Value);
        Assert.Equal("refresh-0", _source.Previous[0]?.RefreshToken);
        Assert.Equal(["read"], _store.Operations);
    }

    [Theory]
    [InlineData(true, false, "refresh-stored")]
    [InlineData(false, true, "refresh-known")]
    [InlineData(true, true, "refresh-stored")]
    [InlineData(false, false, null)]
    public async Task What_is_stored_or_known_renews(bool isStored, bool isKnown, string? refreshToken)
    {
        _store.Record = isStored ? Expired("stored") : null;

        await RunAsync(isKnown ? Expired("known") : null);

        Assert.Equal(refreshToken, _source.Previous[0]?.RefreshToken);
    }

    [Theory]
    [Trait("Failure", "41")]
    [InlineData(false, 0, "refresh-stored")]
    [InlineData(true, -1, "refresh-stored")] // what is known is older than what was read
    [InlineData(true, 0, "refresh-known")]
    [InlineData(true, 1, "refresh-known")]
    public async Task What_was_read_before_a_failure_renews_while_the_store_is_down(
        bool isKnown,
        int ticksLater,
        string refreshToken
    )
    {
        _store.Record = Expired("stored");
        var known = isKnown
            ? new TokenRecord(Expired("known").Grant, _store.Record.RequestedAt + TimeSpan.FromTicks(ticksLater))
            : null;
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        await FailAsync(known);

        _source.Answer = null;
        _store.FailAt("read", "lease");
        await RunAsync(known);

        Assert.Equal(refreshToken, _source.Previous[1]?.RefreshToken);
    }

    [Fact]
    [Trait("Failure", "34")]
    [Trait("Failure", "41")]
    public async Task What_was_read_while_the_vendor_is_left_alone_renews_while_the_store_is_down()
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient(TimeSpan.FromMinutes(1));
        await FailAsync();
        _store.Record = Expired("stored");
        Assert.IsType<RenewalOutcome.HeldBack>(await OutcomeAsync());

        _source.Answer = null;
        _time.Advance(TimeSpan.FromMinutes(1));
        _store.FailAt("read", "lease");
        await RunAsync();

        Assert.Equal("refresh-stored", _source.Previous[1]?.RefreshToken);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task What_was_taken_out_of_the_store_does_not_renew()
    {
        _store.Record = Expired("stored");
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        await FailAsync();
        _store.Record = null;
        await FailAsync();

        _time.Advance(TimeSpan.FromSeconds(1));
        _source.Answer = null;
        _store.FailAt("read", "lease");
        await RunAsync();

        Assert.Null(_source.Previous[2]);
    }

    [Theory]
    [Trait("Failure", "10")]
    [Trait("Failure", "41")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_stored_renews_while_the_store_is_down_and_not_what_it_replaced(bool isStoredLate)
    {
        _store.Record = Stored(requestedAt: _time.GetUtcNow() + TimeSpan.FromHours(2)); // the wall clock has been set back since
        if (isStoredLate)
            _store.FailAt("write");
        await RunAsync();
        _store.Before = null;
        await new LateSaving(_memory, _grants, _time).SaveAsync(Cancel);
        var known = _store.Record;

        _store.FailAt("read", "lease");
        await RunAsync(known);

        Assert.Equal("refresh-1", _source.Previous[1]?.RefreshToken);
        Assert.Null(_source.Previous[1]?.OtherRefreshToken);
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData(true, "")]
    [InlineData(true, "lease")]
    [InlineData(false, "")]
    public async Task A_token_in_hand_is_replaced_by_a_renewal_with_whatever_refresh_token(
        bool isStored,
        string failing
    )
    {
        _store.FailAt(failing);
        _store.Record = isStored ? Expired("stored") : null;
        var known = Expired("known");

        await RunAsync(known);

        Assert.True(IsReplaced("known"));
        Assert.Equal(isStored, IsReplaced("stored"));

        bool IsReplaced(string token)
        {
            _time.Advance(TimeSpan.FromTicks(1));
            var grant = new TokenGrant(new AccessToken(token, _time.GetUtcNow() + TimeSpan.FromHours(1)));

            return _memory.TakeStored(new TokenRecord(grant, _time.GetUtcNow())) is null;
        }
    }

    [Fact]
    public async Task An_expired_token_of_a_store_is_not_used()
    {
        _store.Record = Expired("stored");

        Assert.Equal("token-1", (await RunAsync()).Token.Value);
    }

    // A minute of difference between two clocks is tolerated.
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_stored_token_from_the_future_is_not_used(long tick, bool isUsed)
    {
        _store.Record = Stored(requestedAt: _time.GetUtcNow() + TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(tick));

        var held = await RunAsync();

        Assert.Equal(isUsed ? "stored" : "token-1", held.Token.Value);
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData(-30)] // put down by a clock that is ahead of ours
    [InlineData(0)]
    [InlineData(30)]
    public async Task A_stored_token_ages_by_the_monotonic_clock_too(int ageSeconds)
    {
        _store.Record = Stored(requestedAt: _time.GetUtcNow() - TimeSpan.FromSeconds(ageSeconds));
        var stored = await RunAsync();

        _time.JumpWallClock(TimeSpan.FromHours(-5));
        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(Math.Max(ageSeconds, 0)) - TimeSpan.FromTicks(1));
        Assert.Equal(TokenState.Due, stored.State(_time));
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(TokenState.Expired, stored.State(_time));
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData(0, 60)]
    [InlineData(5, 55)]
    [InlineData(-5, 60)]
    public async Task A_clock_that_jumps_during_the_request_lengthens_no_life(int jumpMinutes, int lifeMinutes)
    {
        var grant = _source.Grant(1);
        _source.Answer = (_, _) =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            _time.JumpWallClock(TimeSpan.FromMinutes(jumpMinutes));
            return Task.FromResult(grant);
        };

        var held = await RunAsync();

        Assert.Equal(TimeSpan.FromMinutes(lifeMinutes), held.Windows.Life);
    }

    [Fact]
    public async Task A_source_without_a_grant_is_named()
    {
        _source.Answer = (_, _) => Task.FromResult<TokenGrant>(null!);

        var failure = await FailAsync();

        Assert.Equal("The source of provider 'vk' returned no grant.", failure.Message);
    }

    [Fact]
    public async Task What_was_obtained_is_logged_without_the_token()
    {
        await RunAsync();

        Assert.Equal(
            ["Debug 1: Provider 'vk' obtained a token that expires at 2026-01-01T01:00:00.0000000+00:00."],
            _logs.Lines
        );
    }

    public void Dispose() => _logs.Dispose();

    private Task<RenewalOutcome> OutcomeAsync(TokenRecord? known = null) =>
        _renewer.RenewAsync(new Renewal(RenewalReason.First, known, TimeSpan.Zero, isInline: false), Cancel);

    private async Task<HeldToken> RunAsync(TokenRecord? known = null) =>
        Assert.IsType<RenewalOutcome.Renewed>(await OutcomeAsync(known)).Held;

    private async Task<RenewalFailure> FailAsync(TokenRecord? known = null) =>
        Assert.IsType<RenewalOutcome.Failed>(await OutcomeAsync(known)).Failure;

    private TokenRecord Expired(string name) =>
        new(
            new TokenGrant(new AccessToken(name, _time.GetUtcNow())) { RefreshToken = "refresh-" + name },
            _time.GetUtcNow() - TimeSpan.FromHours(1)
        );

    private static TokenRecord Stored(DateTimeOffset requestedAt) =>
        new(
            new TokenGrant(new AccessToken("stored", requestedAt + TimeSpan.FromHours(1)))
            {
                RefreshToken = "refresh-stored",
            },
            requestedAt
        );
}
