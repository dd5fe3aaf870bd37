using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime;

/// <summary>Which tokens of a store are taken for a renewal, which only while none succeeds, and which never.</summary>
public sealed class StoredTokenTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;

    public StoredTokenTests() => _source = new ScriptedSource(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Early renewal at 47:12, reuse until 59:00.
    [Theory]
    [InlineData(0)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(58.9)]
    public async Task After_a_restart_a_stored_token_is_handed_out_without_a_call(double minutes)
    {
        var store = new ScriptedStore(Record("stored"));
        _time.Advance(TimeSpan.FromMinutes(minutes));
        using var provider = Provider(store);

        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal("stored", token.Value);
        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    public async Task Ones_own_token_in_the_store_is_no_renewal()
    {
        var store = new ScriptedStore();
        using var provider = Provider(store);
        await provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromMinutes(50));

        await provider.GetTokenAsync(Cancel);
        await Telemetry.Patience.Until(() => !provider.IsRenewing);

        Assert.Equal("token-2", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "38")]
    public async Task A_token_that_another_process_obtained_later_is_a_renewal()
    {
        var store = new ScriptedStore();
        using var provider = Provider(store);
        await provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(1));

        store.Record = Record("theirs");

        Assert.Equal("theirs", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(1, _source.Calls);
    }

    [Theory]
    [Trait("Failure", "38")]
    [InlineData(0)] // at the first start
    [InlineData(1)]
    public async Task A_token_that_another_process_obtained_while_its_lease_was_waited_for_is_a_renewal(int own)
    {
        var store = new ScriptedStore();
        using var provider = Provider(store);
        for (var call = 0; call < own; call++)
            await provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(1));

        store.Before = (operation, _) =>
        {
            if (operation == "lease")
                store.Record = Record("theirs");
            return Task.CompletedTask;
        };

        Assert.Equal("theirs", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(own, _source.Calls);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("rejected")]
    public async Task A_token_that_was_obtained_before_ours_is_no_renewal(string ours)
    {
        var older = Record("older", TimeSpan.FromHours(5));
        _time.Advance(TimeSpan.FromMinutes(1));
        var store = new ScriptedStore();
        using var provider = Provider(store);
        var first = await provider.GetTokenAsync(Cancel);
        if (ours == "rejected")
            provider.Invalidate(first);
        else
            _time.Advance(TimeSpan.FromHours(1));

        store.Record = older;

        Assert.Equal("token-2", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "25")]
    public async Task A_rejected_token_is_no_renewal_although_another_process_obtained_it_later()
    {
        var store = new ScriptedStore();
        using var provider = Provider(store);
        provider.Invalidate(await provider.GetTokenAsync(Cancel));
        _time.Advance(TimeSpan.FromMinutes(1));

        store.Record = Record("token-1");

        Assert.Equal("token-2", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_replaced_token_does_not_serve_again_when_its_successor_is_rejected()
    {
        var store = new ScriptedStore();
        using var provider = Provider(store);
        await provider.GetTokenAsync(Cancel);
        store.FailAt("write");
        _time.Advance(TimeSpan.FromMinutes(59.5));
        var second = await provider.GetTokenAsync(Cancel);

        provider.Invalidate(second);
        _source.Answer = (_, _) => throw ScriptedSource.Transient();

        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await provider.GetTokenAsync(Cancel));
    }

    [Theory]
    [Trait("Failure", "10")]
    [InlineData(-30)] // young again
    [InlineData(-1)] // due again
    public async Task A_restored_token_does_not_outlive_its_life_although_the_clock_is_set_back(int minutes)
    {
        var store = new ScriptedStore(Record("stored"));
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        _time.Advance(TimeSpan.FromMinutes(59.5)); // due
        using var provider = Provider(store);
        Assert.Equal("stored", (await provider.GetTokenAsync(Cancel)).Value);

        _time.JumpWallClock(TimeSpan.FromMinutes(minutes));
        _time.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await provider.GetTokenAsync(Cancel));
    }

    private CachedTokenProvider Provider(ITokenStore store) =>
        new(_source, new CachedTokenOptions { Jitter = () => 0.5 }, _time, store);

    private TokenRecord Record(string token, TimeSpan? life = null) =>
        new(
            new TokenGrant(new AccessToken(token, _time.GetUtcNow() + (life ?? TimeSpan.FromHours(1)))),
            _time.GetUtcNow()
        );
}
