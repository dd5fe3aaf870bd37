using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>A grant that could not be stored when it was obtained: what renews it, and how it gets into the store after all.</summary>
public sealed class UnsavedGrantTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedStore _store = new();
    private readonly ScriptedSource _source;
    private readonly GrantStore _grants;
    private readonly GrantMemory _memory;
    private readonly GrantRenewer _renewer;
    private readonly LateSaving _saving;
    private readonly CancellationTokenSource _lifetime = new();

    public UnsavedGrantTests()
    {
        _source = new ScriptedSource(_time);
        var logs = new RecordedLogs();
        _grants = new GrantStore(_store, "key", "vk", _time, logs);
        var options = new CachedTokenOptions();
        _memory = new GrantMemory(options, _time);
        _renewer = new GrantRenewer(
            new GrantSource(_source, "vk", _time, logs),
            _memory,
            new BackOff(_time, () => 0),
            _grants,
            options,
            _time
        );
        _saving = new LateSaving(_memory, _grants, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_nothing_unsaved_the_store_is_left_alone()
    {
        await RenewAsync();
        var before = _store.Operations.Count;

        Assert.True(await _saving.SaveAsync(Cancel));

        Assert.Null(_memory.Pending);
        Assert.Equal(before, _store.Operations.Count);
    }

    [Theory]
    [Trait("Failure", "41")]
    [InlineData("lease")]
    [InlineData("write")]
    public async Task It_stays_unsaved_while_the_store_fails_and_is_saved_once(string failing)
    {
        _store.FailAt("write");
        await RenewAsync();
        _store.FailAt(failing);

        Assert.False(await _saving.SaveAsync(Cancel));
        Assert.Equal("token-1", _memory.Pending?.Grant.AccessToken.Value);
        _store.Before = null;
        Assert.True(await _saving.SaveAsync(Cancel));

        Assert.Null(_memory.Pending);
        Assert.Equal("token-1", _store.Record?.Grant.AccessToken.Value);
        Assert.Equal("release", _store.Operations.Last());
    }

    [Theory]
    [Trait("Failure", "38")]
    [InlineData(-1, "token-1")]
    [InlineData(0, "token-1")]
    [InlineData(1, "theirs")]
    public async Task It_is_not_saved_over_what_another_process_obtained_later(long tick, string stored)
    {
        _store.FailAt("write");
        await RenewAsync();
        _store.Before = null;
        _store.Record = Theirs(tick);

        Assert.True(await _saving.SaveAsync(Cancel));

        Assert.Equal(stored, _store.Record.Grant.AccessToken.Value);
        Assert.Null(_memory.Pending);
    }

    [Fact]
    [Trait("Failure", "40")]
    [Trait("Failure", "41")]
    public async Task When_another_process_has_stored_a_later_one_the_stores_outage_ends_too()
    {
        _store.FailAt("write");
        await RenewAsync();
        Assert.NotNull(_grants.Failing);
        _store.Before = null;
        _store.Record = Theirs(tick: 1);

        Assert.True(await _saving.SaveAsync(Cancel));

        Assert.Null(_grants.Failing);
        Assert.Equal("theirs", _store.Record.Grant.AccessToken.Value);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task When_the_record_was_taken_out_of_the_store_meanwhile_the_stores_outage_ends_too()
    {
        _store.Record = Theirs(tick: -1);
        _store.FailAt("write");
        await RenewAsync();
        Assert.NotNull(_grants.Failing);
        _store.Before = null;
        _store.Record = null;

        Assert.True(await _saving.SaveAsync(Cancel));

        Assert.Null(_grants.Failing);
        Assert.Null(_store.Record);
        Assert.Null(_memory.Pending);
    }

    [Fact]
    [Trait("Failure", "10")]
    [Trait("Failure", "41")]
    public async Task Once_another_processs_was_taken_it_is_not_saved_over_the_next_though_the_clock_was_set_back()
    {
        _store.FailAt("write");
        await RenewAsync();
        _store.FailAt("lease");
        _store.Record = Theirs(tick: 1, life: TimeSpan.FromHours(1));
        await RenewAsync();
        _store.Before = null;
        _store.Record = Theirs(tick: -1);

        Assert.True(await _saving.SaveAsync(Cancel));

        Assert.Equal("theirs", _store.Record.Grant.AccessToken.Value);
        Assert.Null(_memory.Pending);
        Assert.Null(_grants.Failing);
    }

    [Fact]
    [Trait("Failure", "10")]
    [Trait("Failure", "41")]
    public async Task It_is_not_saved_over_what_a_renewal_stored_while_the_lease_was_waited_for_though_the_clock_was_set_back()
    {
        _store.FailAt("write");
        await RenewAsync();
        _store.Before = async (operation, _) =>
        {
            if (operation != "lease")
                return;
            _store.Before = null;
            _time.JumpWallClock(TimeSpan.FromHours(-1));
            await RenewAsync();
        };

        Assert.True(await _saving.SaveAsync(Cancel));

        Assert.Equal("token-2", _store.Record?.Grant.AccessToken.Value);
        Assert.Null(_memory.Pending);
    }

    [Theory]
    [Trait("Failure", "38")]
    [InlineData(-1, "refresh-1", "refresh-theirs")]
    [InlineData(0, "refresh-theirs", "refresh-1")]
    [InlineData(1, "refresh-theirs", "refresh-1")]
    public async Task What_was_obtained_later_renews_and_the_other_is_the_second_try(
        long tick,
        string first,
        string second
    )
    {
        _store.FailAt("write");
        await RenewAsync();
        var known = _memory.Pending;
        _store.Record = Theirs(tick);

        await RenewAsync(known);

        Assert.Equal((first, second), (_source.Previous[1]?.RefreshToken, _source.Previous[1]?.OtherRefreshToken));
    }

    [Fact]
    [Trait("Failure", "41")]
    [Trait("Failure", "91")]
    public async Task It_is_tried_after_one_second_after_five_and_then_every_thirty_until_it_is_stored()
    {
        _store.FailAt("write");
        await RenewAsync();
        _saving.Start(_lifetime.Token);
        var tries = 1;
        foreach (var seconds in new[] { 1, 5, 30, 30, 30 })
        {
            await Patience.Until(() => _time.ActiveTimers == 1 && _time.NextTimer == TimeSpan.FromSeconds(seconds));
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(tries, Writes());
            _time.Advance(TimeSpan.FromTicks(1));
            tries++;
            await Patience.Until(() => Writes() == tries);
        }

        await Patience.Until(() => _time.ActiveTimers == 1 && _time.NextTimer == TimeSpan.FromSeconds(30));
        _store.Before = null;
        _time.Advance(TimeSpan.FromSeconds(30));

        await Patience.Until(() => _memory.Pending is null && !_saving.IsBusy);
        Assert.Equal(0, _time.ActiveTimers);
        Assert.Equal("token-1", _store.Record?.Grant.AccessToken.Value);

        int Writes() => _store.Operations.Count(operation => operation == "write");
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task The_next_one_is_saved_as_well()
    {
        foreach (var token in new[] { "token-1", "token-2" })
        {
            _store.FailAt("write");
            await RenewAsync();
            _store.Before = null;

            _saving.Start(_lifetime.Token);
            await Patience.Until(() => _time.ActiveTimers == 1);
            _time.Advance(TimeSpan.FromSeconds(1));

            await Patience.Until(() => _memory.Pending is null && !_saving.IsBusy);
            Assert.Equal(token, _store.Record?.Grant.AccessToken.Value);
            _time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task One_that_comes_while_another_is_being_saved_is_saved_as_well()
    {
        _store.FailAt("write");
        await RenewAsync();
        var releases = 0;
        _store.Before = async (operation, _) =>
        {
            if (operation != "release" || Interlocked.Increment(ref releases) > 1)
                return;
            _store.FailAt("read", "lease");
            await RenewAsync(_store.Record);
            _saving.Start(_lifetime.Token); // which does nothing: the one that is running still is
            _store.Before = null;
        };
        _saving.Start(_lifetime.Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Patience.Until(() =>
            _memory.Pending?.Grant.AccessToken.Value == "token-2" && _time.NextTimer == TimeSpan.FromSeconds(1)
        );

        _time.Advance(TimeSpan.FromSeconds(1));

        await Patience.Until(() => _store.Record?.Grant.AccessToken.Value == "token-2");
    }

    public void Dispose()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    private async Task RenewAsync(TokenRecord? known = null) =>
        Assert.IsType<RenewalOutcome.Renewed>(
            await _renewer.RenewAsync(new Renewal(RenewalReason.First, known, TimeSpan.Zero, isInline: false), Cancel)
        );

    private TokenRecord Theirs(long tick, TimeSpan life = default) =>
        new(
            new TokenGrant(new AccessToken("theirs", _time.GetUtcNow() + life)) { RefreshToken = "refresh-theirs" },
            _time.GetUtcNow() + TimeSpan.FromTicks(tick)
        );
}
