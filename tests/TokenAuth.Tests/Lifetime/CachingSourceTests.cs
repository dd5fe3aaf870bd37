using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>A source that answers from a cache of its own may bring a refused token again: a role that was just granted takes minutes to apply.</summary>
[Trait("Failure", "92")]
public sealed class CachingSourceTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CachingSource _source;
    private readonly CachedTokenProvider _provider;

    public CachingSourceTests()
    {
        _source = new CachingSource(_time);
        _provider = Provider(_source);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task The_caller_gets_the_services_own_refusal_and_half_a_minute_later_the_token_serves_again()
    {
        using var service = new StubPrimaryHandler(401, 200);
        using var client = new HttpClient(
            new BearerTokenHandler(_provider, new TokenHandlerOptions { AllowedHosts = { "api.example.com" } })
            {
                InnerHandler = service,
            }
        );

        using var refused = await client.GetAsync(new Uri("https://api.example.com/"), Cancel);
        _time.Advance(TimeSpan.FromSeconds(30));
        using var accepted = await client.GetAsync(new Uri("https://api.example.com/"), Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(2, service.Received.Count); // nothing was sent again
        Assert.All(service.Received, request => Assert.Contains("Bearer cached", request, StringComparison.Ordinal));
        Assert.Equal(1, _source.CallsPastCache); // the credential was asked once more past its cache
    }

    [Fact]
    public async Task Until_then_callers_fail_fast_and_the_source_is_left_alone()
    {
        await RefuseAsync();

        var first = await Caught();
        var calls = _source.Calls;
        for (var call = 0; call < 100; call++)
            await Caught();

        Assert.Equal(
            "The token endpoint of provider 'CachingSource' returned a token that a service has refused before. "
                + "Check that the token belongs to that service, its region and its project.",
            first.Message
        );
        Assert.True(first.IsTransient);
        Assert.Equal(calls, _source.Calls);
    }

    [Fact]
    public async Task A_newer_token_serves_at_once()
    {
        await RefuseAsync();
        _source.Cached = new AccessToken("newer", _time.GetUtcNow() + TimeSpan.FromHours(1));

        Assert.Equal("newer", (await _provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal("cached", _source.Refused[0]?.AccessToken.Value);
    }

    // Between two refusals the pause grows from one second to 30.
    [Fact]
    [Trait("Failure", "22")]
    public async Task A_service_that_refuses_every_time_gets_the_token_again_each_half_minute_and_beyond_twenty_an_hour_always()
    {
        var longest = TimeSpan.Zero;
        for (var refusal = 0; refusal < 20; refusal++)
        {
            await RefuseAsync();
            await Caught();
            var wait = _provider.Snapshot().NextAttempt - _time.GetUtcNow();
            Assert.InRange(wait, TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(30));
            longest = wait > longest ? wait : longest;
            _time.Advance(wait);
        }

        Assert.InRange(longest, TimeSpan.FromSeconds(22), TimeSpan.FromSeconds(30));
        var calls = _source.Calls;
        for (var refusal = 0; refusal < 20; refusal++)
            await RefuseAsync();
        Assert.Equal("cached", (await _provider.GetTokenAsync(Cancel)).Value);
        Assert.InRange(_source.Calls - calls, 0, 1);
    }

    [Fact]
    public async Task Expired_it_does_not_serve_again()
    {
        await RefuseAsync();
        await Caught();
        _time.Advance(TimeSpan.FromHours(1));

        var failure = await Caught();

        Assert.StartsWith(
            "The token endpoint of provider 'CachingSource' returned a token that has expired already",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_early_renewal_that_brings_the_same_token_is_no_failure_and_no_hot_loop()
    {
        await _provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromMinutes(50));

        for (var call = 0; call < 100; call++)
        {
            Assert.Equal("cached", (await _provider.GetTokenAsync(Cancel)).Value);
            await Patience.Until(() => !_provider.IsRenewing);
        }

        Assert.Null(_provider.Snapshot().Renewal);
        Assert.Equal(2, _source.Calls);
        Assert.Equal(0, _source.CallsPastCache);
    }

    [Fact]
    public async Task An_early_renewal_after_a_refusal_that_was_overcome_is_no_failure_either()
    {
        await RefuseAsync();
        await Caught();
        _time.Advance(TimeSpan.FromSeconds(30));
        await _provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromMinutes(50));

        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => !_provider.IsRenewing);

        Assert.Null(_provider.Snapshot().Renewal);
        Assert.Equal("cached", (await _provider.GetTokenAsync(Cancel)).Value);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 2)]
    public async Task The_early_renewal_is_when_the_source_says(long ticksLater, int calls)
    {
        _source.RefreshOn = _time.GetUtcNow() + TimeSpan.FromMinutes(20);
        await _provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromMinutes(20) + TimeSpan.FromTicks(ticksLater));

        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => !_provider.IsRenewing);

        Assert.Equal(calls, _source.Calls);
    }

    [Fact]
    public async Task When_the_source_says_a_time_that_is_over_the_renewal_is_no_hot_loop()
    {
        _source.RefreshOn = _time.GetUtcNow();

        for (var call = 0; call < 100; call++)
            await _provider.GetTokenAsync(Cancel);

        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    [Trait("Failure", "25")]
    public async Task A_source_without_a_cache_stays_bound_to_bring_another_token()
    {
        var source = new ScriptedSource(_time);
        source.Answer = (_, _) => Task.FromResult(source.Grant(1));
        using var provider = Provider(source);
        provider.Invalidate(await provider.GetTokenAsync(Cancel));

        for (var call = 0; call < 10; call++)
        {
            await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await provider.GetTokenAsync(Cancel));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private CachedTokenProvider Provider(ITokenSource source) =>
        new(source, new CachedTokenOptions { Jitter = () => 0.5 }, _time);

    private async Task RefuseAsync() => _provider.Invalidate(await _provider.GetTokenAsync(Cancel));

    private Task<TokenAcquisitionException> Caught() =>
        Assert.ThrowsAsync<TokenAcquisitionException>(async () => await _provider.GetTokenAsync(Cancel));
}
