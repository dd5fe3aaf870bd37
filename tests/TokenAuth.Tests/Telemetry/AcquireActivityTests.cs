using System.Diagnostics;
using TokenAuth.Testing;
using TokenAuth.Tests.Lifetime;
using static TokenAuth.TokenAuthDiagnostics;

namespace TokenAuth.Tests.Telemetry;

public sealed class AcquireActivityTests : IDisposable
{
    private readonly string _name = Guid.NewGuid().ToString();
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;
    private readonly RecordedActivities _activities;

    public AcquireActivityTests()
    {
        _source = new ScriptedSource(_time);
        _provider = new CachedTokenProvider(_source, new CachedTokenOptions { ProviderName = _name }, _time);
        _activities = new RecordedActivities(_name);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _activities.Dispose();
        _provider.Dispose();
    }

    [Fact]
    [Trait("Failure", "20")]
    public async Task A_renewal_begins_a_trace_of_its_own_and_links_to_whoever_caused_it()
    {
        Activity? seen = null;
        _source.Answer = (call, _) =>
        {
            seen = Activity.Current;
            return Task.FromResult(_source.Grant(call));
        };
        using var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => _activities.Stopped.Count == 1);

        var renewal = Assert.Single(_activities.Stopped);
        Assert.Same(renewal, seen);
        Assert.Equal(AcquireActivityName, renewal.OperationName);
        Assert.Null(renewal.ParentId);
        Assert.NotEqual(caller.TraceId, renewal.TraceId);
        Assert.Equal(caller.Context, Assert.Single(renewal.Links).Context);
        Assert.Same(caller, Activity.Current);
        Assert.Equal("first", renewal.GetTagItem(ReasonTag));
        Assert.Equal(ActivityStatusCode.Unset, renewal.Status);
    }

    [Fact]
    public async Task Without_a_callers_activity_there_is_no_link()
    {
        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => _activities.Stopped.Count == 1);

        Assert.Empty(Assert.Single(_activities.Stopped).Links);
    }

    [Fact]
    public async Task What_was_exchanged_is_shown_of_a_success_and_of_a_failure()
    {
        _source.Answer = (call, _) =>
            call == 1
                ? throw new TokenAcquisitionException("No.") { GrantType = "refresh_token" }
                : Task.FromResult(new TokenGrant(_source.Grant(call).AccessToken) { GrantType = "client_credentials" });

        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await _provider.GetTokenAsync(Cancel));
        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => _activities.Stopped.Count == 2);

        Assert.Equal(
            ["refresh_token", "client_credentials"],
            _activities.Stopped.Select(renewal => renewal.GetTagItem(GrantTypeTag))
        );
    }

    [Fact]
    public async Task A_failure_shows_its_kind_and_no_message()
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient();

        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await _provider.GetTokenAsync(Cancel));
        await Patience.Until(() => _activities.Stopped.Count == 1);

        var renewal = Assert.Single(_activities.Stopped);
        Assert.Equal((ActivityStatusCode.Error, null), (renewal.Status, renewal.StatusDescription));
        Assert.Equal(
            [ErrorTypeTag, ProviderTag, ReasonTag],
            renewal.TagObjects.Select(tag => tag.Key).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task An_early_renewal_links_to_the_caller_that_was_served()
    {
        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => _activities.Stopped.Count == 1);
        _time.Advance(TimeSpan.FromMinutes(58));
        using var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => _activities.Stopped.Count == 2);

        var renewal = _activities.Stopped.Last();
        Assert.Equal("early", renewal.GetTagItem(ReasonTag));
        Assert.Equal(caller.SpanId, Assert.Single(renewal.Links).Context.SpanId);
    }

    [Fact]
    public async Task A_provider_that_ends_ends_the_activity()
    {
        _source.Answer = (_, ct) => new TaskCompletionSource<TokenGrant>().Task.WaitAsync(ct);
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _source.Calls == 1);

        _provider.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Patience.Until(() => _activities.Stopped.Count == 1);
    }
}
