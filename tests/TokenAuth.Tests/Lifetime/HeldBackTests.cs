using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>Two processes over one store: what one obtains, the other takes although the endpoint has told it to wait.</summary>
[Trait("Failure", "34")]
public sealed class HeldBackTests : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);

    private readonly string _name = Guid.NewGuid().ToString();
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedStore _store = new();
    private readonly ScriptedSource _source;
    private readonly ScriptedSource _others;
    private readonly CachedTokenProvider _provider;
    private readonly CachedTokenProvider _other;

    public HeldBackTests()
    {
        _source = new ScriptedSource(_time);
        _others = new ScriptedSource(_time);
        _others.Answer = (_, _) =>
            Task.FromResult(new TokenGrant(new AccessToken("theirs", _time.GetUtcNow() + TimeSpan.FromMinutes(8))));
        _provider = Provider(_source);
        _other = Provider(_others);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Reads => _store.Operations.Count(operation => operation == "read");

    public void Dispose()
    {
        _provider.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_another_process_obtained_serves_and_neither_the_vendor_nor_the_lease_is_asked_for(
        bool isTransient
    )
    {
        HoldBack(isTransient);
        await Caught();
        await _other.GetTokenAsync(Cancel);
        var leases = _store.Operations.Count(operation => operation == "lease");

        var token = await _provider.GetTokenAsync(Cancel);

        Assert.Equal("theirs", token.Value);
        Assert.Equal(1, _source.Calls);
        Assert.Equal(leases, _store.Operations.Count(operation => operation == "lease"));
        Assert.Null(_provider.Snapshot().Renewal);
    }

    [Fact]
    public async Task The_store_is_looked_into_once_a_second_at_most()
    {
        HoldBack();
        await Caught();
        var before = Reads;

        for (var call = 0; call < 10; call++)
            await Caught();
        Assert.Equal(before + 1, Reads);
        _time.Advance(TimeSpan.FromSeconds(1) - _tick);
        await Caught();
        Assert.Equal(before + 1, Reads);
        _time.Advance(_tick);
        await Caught();
        Assert.Equal(before + 2, Reads);
    }

    [Fact]
    public async Task Callers_at_once_share_a_look()
    {
        HoldBack();
        await Caught();
        await _other.GetTokenAsync(Cancel);
        var before = Reads;
        var slow = new TaskCompletionSource<bool>();
        _store.Before = (_, _) => slow.Task;

        var callers = Enumerable.Range(0, 50).Select(_ => _provider.GetTokenAsync(Cancel).AsTask()).ToList();
        slow.SetResult(true);

        Assert.All(await Task.WhenAll(callers), token => Assert.Equal("theirs", token.Value));
        Assert.Equal(before + 1, Reads);
    }

    [Fact]
    public async Task A_look_that_finds_nothing_leaves_the_failure_as_it_was()
    {
        HoldBack();
        await Caught();
        var trouble = _provider.Snapshot().Renewal;
        _time.Advance(TimeSpan.FromMinutes(14));

        var heldBack = await Caught();

        Assert.Equal("The endpoint failed.", heldBack.Message);
        Assert.Equal(TimeSpan.FromMinutes(1), heldBack.RetryAfter);
        Assert.Equal(trouble, _provider.Snapshot().Renewal);
    }

    [Fact]
    public async Task A_look_that_finds_nothing_is_no_renewal()
    {
        using var measurements = new RecordedMeasurements(_name);
        HoldBack();
        await Caught();
        await Patience.Until(() => Errors().Any()); // a renewal is measured when its callers have gone on already
        for (var look = 0; look < 3; look++)
        {
            await Caught();
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        _source.Answer = null;
        _time.Advance(TimeSpan.FromMinutes(15));

        await _provider.GetTokenAsync(Cancel);

        await Patience.Until(() => Errors().Count() >= 2);
        Assert.Equal([typeof(TokenAcquisitionException).FullName, null], Errors());

        IEnumerable<string?> Errors() =>
            measurements
                .Of(TokenAuthDiagnostics.Renewals)
                .Select(renewal => renewal.Tag(TokenAuthDiagnostics.ErrorTypeTag));
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_store_that_fails_leaves_the_failure_as_it_was()
    {
        HoldBack();
        await Caught();
        _store.FailAt("read");

        Assert.Equal("The endpoint failed.", (await Caught()).Message);
    }

    [Theory]
    [Trait("Failure", "41")]
    [InlineData("lease")]
    [InlineData("release")]
    [InlineData("write")]
    public async Task A_store_that_only_fails_to_be_written_to_is_still_looked_into(string failing)
    {
        _store.FailAt(failing);
        if (failing != "lease")
            _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        HoldBack();
        await Caught();
        Assert.NotNull(_provider.Snapshot().Store);
        _time.Advance(TimeSpan.FromSeconds(2));
        _store.Record = Theirs();

        Assert.Equal("theirs", (await _provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "16")]
    public async Task Nobody_waits_for_a_store_that_fails()
    {
        HoldBack();
        await Caught();
        _store.FailAt("read");
        await Caught();
        _time.Advance(TimeSpan.FromSeconds(2));
        var before = Reads;

        var asked = _provider.GetTokenAsync(Cancel);

        Assert.True(asked.IsFaulted);
        Assert.Equal(before, Reads);
        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await asked);
    }

    // Of a token of one hour the last minute.
    [Fact]
    [Trait("Failure", "15")]
    public async Task While_the_old_token_still_serves_nobody_waits_for_a_look()
    {
        var old = await _provider.GetTokenAsync(Cancel);
        HoldBack();
        _time.Advance(TimeSpan.FromMinutes(59.5));
        Assert.Same(old, await _provider.GetTokenAsync(Cancel));
        _store.Record = Theirs();
        var slow = new TaskCompletionSource<bool>();
        _store.Before = (_, _) => slow.Task;

        var first = _provider.GetTokenAsync(Cancel);
        var second = _provider.GetTokenAsync(Cancel);

        Assert.True(first.IsCompleted && second.IsCompleted);
        Assert.Same(old, await second);
        slow.SetResult(true);
        await Patience.Until(() => !_provider.IsRenewing);
        Assert.Equal("theirs", (await _provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task A_due_token_that_the_vendor_will_not_renew_is_replaced_by_what_another_process_obtained()
    {
        await _provider.GetTokenAsync(Cancel);
        HoldBack(isTransient: false);
        _time.Advance(TimeSpan.FromMinutes(59.5));
        await Caught();

        _store.Record = Theirs();

        Assert.Equal("theirs", (await _provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "25")]
    public async Task The_vendor_is_left_alone_until_the_wait_ends_and_a_rejected_token_is_not_taken_again()
    {
        HoldBack();
        await Caught();
        await _other.GetTokenAsync(Cancel);
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        _time.Advance(TimeSpan.FromMinutes(15) - _tick);

        await Caught();
        Assert.Equal(1, _source.Calls);
        _source.Answer = null;
        _time.Advance(_tick);

        Assert.Equal("token-2", (await _provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "18")]
    public async Task Who_waits_for_a_look_is_told_when_the_provider_ends()
    {
        HoldBack();
        await Caught();
        _store.Before = (_, _) => new TaskCompletionSource<bool>().Task;
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();

        _provider.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    private void HoldBack(bool isTransient = true) =>
        _source.Answer = (_, _) =>
            throw new TokenAcquisitionException("The endpoint failed.")
            {
                IsTransient = isTransient,
                RetryAfter = TimeSpan.FromMinutes(15),
            };

    private TokenRecord Theirs() =>
        new(new TokenGrant(new AccessToken("theirs", _time.GetUtcNow() + TimeSpan.FromMinutes(8))), _time.GetUtcNow());

    private Task<TokenAcquisitionException> Caught() =>
        Assert.ThrowsAsync<TokenAcquisitionException>(async () => await _provider.GetTokenAsync(Cancel));

    private CachedTokenProvider Provider(ScriptedSource source) =>
        new(
            source,
            new CachedTokenOptions
            {
                ProviderName = _name,
                StoreKey = "voice",
                Jitter = () => 0.5,
            },
            _time,
            _store
        );
}
