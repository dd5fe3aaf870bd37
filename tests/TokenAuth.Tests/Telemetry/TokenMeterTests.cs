using System.Diagnostics.Metrics;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using RichardSzalay.MockHttp;
using TokenAuth.Testing;
using TokenAuth.Tests.Lifetime;
using static TokenAuth.TokenAuthDiagnostics;

namespace TokenAuth.Tests.Telemetry;

public sealed class TokenMeterTests : IDisposable
{
    private readonly string _name = Guid.NewGuid().ToString();
    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;
    private readonly RecordedMeasurements _measurements;

    public TokenMeterTests()
    {
        _source = new ScriptedSource(_time);
        _provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { ProviderName = _name, Jitter = () => 0.5 },
            _time
        );
        _measurements = new RecordedMeasurements(_name);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _measurements.Dispose();
        _provider.Dispose();
    }

    [Fact]
    public void The_instruments_are_the_documented_ones_and_no_other()
    {
        var instruments = _measurements.Instruments.Select(instrument =>
            $"{instrument.Name} {instrument.Unit} {instrument.GetType().Name}"
        );

        Assert.Equal(
            [
                "tokenauth.acquire.duration s Histogram`1",
                "tokenauth.refresh_tokens.minted {token} Counter`1",
                "tokenauth.rejections {rejection} Counter`1",
                "tokenauth.renewals {renewal} Counter`1",
                "tokenauth.store.failures {failure} Counter`1",
                "tokenauth.token.remaining_life s ObservableGauge`1",
            ],
            instruments.Order(StringComparer.Ordinal)
        );
        Assert.All(_measurements.Instruments, instrument => Assert.False(string.IsNullOrEmpty(instrument.Description)));
    }

    [Fact]
    public void Names_keep_to_the_conventions()
    {
        var names = typeof(TokenAuthDiagnostics)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field =>
                field.Name is not (nameof(MeterName) or nameof(ActivitySourceName) or nameof(AcquireActivityName))
            )
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToList();

        Assert.Equal(13, names.Count);
        Assert.All(names, name => Assert.Matches(@"^(tokenauth|error)(\.[a-z]+(_[a-z]+)*)+$", name));
        Assert.Equal(("TokenAuth", "TokenAuth"), (MeterName, ActivitySourceName));
    }

    [Fact]
    public async Task Renewals_are_counted_by_their_reason()
    {
        await GetAfter(TimeSpan.Zero, renewals: 1);
        await GetAfter(TimeSpan.FromMinutes(50), renewals: 2);
        await GetAfter(TimeSpan.FromMinutes(59), renewals: 3);
        await GetAfter(TimeSpan.FromMinutes(60), renewals: 4);
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await GetAfter(TimeSpan.Zero, renewals: 5);

        Assert.Equal(
            ["first", "early", "due", "expired", "rejected"],
            _measurements.Of(Renewals).Select(renewal => renewal.Tag(ReasonTag))
        );
        Assert.All(_measurements.Of(Renewals), renewal => Assert.Null(renewal.Tag(ErrorTypeTag)));
        Assert.Single(_measurements.Of(TokenAuthDiagnostics.Rejections));

        async Task GetAfter(TimeSpan time, int renewals)
        {
            _time.Advance(time);
            await _provider.GetTokenAsync(Cancel);
            await Patience.Until(() => _measurements.Of(Renewals).Count() == renewals);
        }
    }

    [Fact]
    public async Task A_failed_renewal_is_counted_with_its_error()
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient();

        await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await _provider.GetTokenAsync(Cancel));
        await Patience.Until(() => _measurements.Of(Renewals).Any());

        var renewal = Assert.Single(_measurements.Of(Renewals));
        Assert.Equal(
            ("first", "TokenAuth.TokenAcquisitionException"),
            (renewal.Tag(ReasonTag), renewal.Tag(ErrorTypeTag))
        );
    }

    [Fact]
    public async Task The_time_that_the_source_took_is_measured_by_the_providers_clock()
    {
        _source.Answer = (call, _) =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            return Task.FromResult(_source.Grant(call));
        };

        await _provider.GetTokenAsync(Cancel);

        var duration = Assert.Single(_measurements.Of(AcquireDuration));
        Assert.Equal(0.25, duration.Value, 6);
        Assert.Equal([ProviderTag], duration.Tags.Keys);
    }

    [Fact]
    public async Task Fifty_rejections_of_one_token_are_one_and_those_beyond_the_limit_count()
    {
        var rejected = await _provider.GetTokenAsync(Cancel);
        for (var i = 0; i < 50; i++)
            _provider.Invalidate(rejected);
        Assert.Single(_measurements.Of(TokenAuthDiagnostics.Rejections));

        for (var i = 1; i < 25; i++)
            _provider.Invalidate(await _provider.GetTokenAsync(Cancel));

        Assert.Equal(25, _measurements.Of(TokenAuthDiagnostics.Rejections).Count());
    }

    [Fact]
    public async Task The_gauge_shows_the_remaining_life_of_tokens_that_have_one()
    {
        Assert.Empty(_measurements.Observe(RemainingLife));

        await _provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(45 * 60, Assert.Single(_measurements.Observe(RemainingLife)).Value, 6);

        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, Assert.Single(_measurements.Observe(RemainingLife)).Value);

        _provider.Dispose();
        Assert.Empty(_measurements.Observe(RemainingLife));
    }

    [Fact]
    public async Task The_gauge_is_at_zero_while_no_token_can_be_had()
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        await Assert.ThrowsAsync<TokenAcquisitionException>(() => _provider.GetTokenAsync(Cancel).AsTask());
        Assert.Equal(0, Assert.Single(_measurements.Observe(RemainingLife)).Value);

        _source.Answer = (call, _) => Task.FromResult(_source.Grant(call));
        var token = await _provider.GetTokenAsync(Cancel);
        _provider.Invalidate(token);
        Assert.Empty(_measurements.Observe(RemainingLife)); // as far as is known, the next one can be had

        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        await Assert.ThrowsAsync<TokenAcquisitionException>(() => _provider.GetTokenAsync(Cancel).AsTask());
        Assert.Equal(0, Assert.Single(_measurements.Observe(RemainingLife)).Value);

        _provider.Dispose();
        Assert.Empty(_measurements.Observe(RemainingLife));
    }

    [Fact]
    public async Task The_gauge_goes_on_showing_a_provider_when_others_come_and_go()
    {
        await _provider.GetTokenAsync(Cancel);

        new CachedTokenProvider(_source, timeProvider: _time).Dispose();

        Assert.Single(_measurements.Observe(RemainingLife));
    }

    [Fact]
    public async Task The_gauge_shows_nothing_for_a_token_that_does_not_expire()
    {
        _source.Answer = (_, _) => Task.FromResult(new TokenGrant(new AccessToken("forever")));

        await _provider.GetTokenAsync(Cancel);

        Assert.Empty(_measurements.Observe(RemainingLife));
    }

    [Fact]
    public void The_gauge_keeps_no_provider_alive()
    {
        var forgotten = MakeAndForget(_time);

        for (var i = 0; i < 10 && forgotten.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(forgotten.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference MakeAndForget(TimeProvider time) =>
            new(new CachedTokenProvider(new ScriptedSource(time), timeProvider: time));
    }

    [Fact]
    [Trait("Failure", "29")]
    public async Task VK_Clouds_ladder_shows_its_grants_and_what_it_mints()
    {
        using var http = new MockHttpMessageHandler();
        var answers = new Queue<(HttpStatusCode, string)>([
            (HttpStatusCode.OK, """{"access_token":"a-1","refresh_token":"r-1","expired_in":"3600"}"""),
            (HttpStatusCode.OK, """{"access_token":"a-2","refresh_token":"r-1","expired_in":"3600"}"""),
            (HttpStatusCode.BadRequest, """{"error":"invalid_grant"}"""),
            (HttpStatusCode.OK, """{"access_token":"a-3","refresh_token":"r-2","expired_in":"3600"}"""),
            (HttpStatusCode.OK, "<html>"),
        ]);
        http.When("*")
            .Respond(_ =>
            {
                var (status, body) = answers.Dequeue();
                return new HttpResponseMessage(status) { Content = new StringContent(body) };
            });
        using var client = http.ToHttpClient();
        using var provider = new VkCloudTokenProvider(
            new VkCloudOptions
            {
                ClientId = "mcs.voice",
                ClientSecret = "s-1",
                ProviderName = _name,
            },
            client,
            _time
        );

        for (var hour = 0; hour < 4; hour++)
        {
            if (hour == 3)
                await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await provider.GetTokenAsync(Cancel));
            else
                await provider.GetTokenAsync(Cancel);
            _time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(
            [
                ("client_credentials", null),
                ("refresh_token", null),
                ("client_credentials", null),
                ("refresh_token", "invalid_response"),
            ],
            _measurements
                .Of(AcquireDuration)
                .Select(acquired => (acquired.Tag(GrantTypeTag), acquired.Tag(ErrorTypeTag)))
        );
        Assert.Equal(2, _measurements.Of(RefreshTokensMinted).Sum(minted => minted.Value));
    }

    [Theory]
    [InlineData(401, "401")]
    [InlineData(418, "418")]
    [InlineData(200, "invalid_response")]
    [InlineData(0, "connection_error")]
    public async Task Azure_Speechs_failures_have_few_names(int status, string errorType)
    {
        using var http = new MockHttpMessageHandler();
        http.When("*")
            .Respond(_ =>
                status == 0
                    ? throw new HttpRequestException("nobody there")
                    : new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("no token") }
            );
        using var client = http.ToHttpClient();
        using var provider = new AzureSpeechTokenProvider(
            new AzureSpeechOptions
            {
                Region = "westeurope",
                SubscriptionKey = "k-1",
                ProviderName = _name,
            },
            client,
            _time
        );

        var asked = provider.GetTokenAsync(Cancel).AsTask();
        await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            _time.AdvanceUntilAsync(asked, TimeSpan.FromMilliseconds(100))
        );

        var acquired = Assert.Single(_measurements.Of(AcquireDuration));
        Assert.Equal(("subscription_key", errorType), (acquired.Tag(GrantTypeTag), acquired.Tag(ErrorTypeTag)));
    }

    [Fact]
    public async Task A_source_that_hangs_is_a_timeout()
    {
        _source.Answer = (_, _) => new TaskCompletionSource<TokenGrant>().Task;
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();

        await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            _time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1))
        );

        Assert.Equal("timeout", Assert.Single(_measurements.Of(AcquireDuration)).Tag(ErrorTypeTag));
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task Store_failures_are_counted_by_operation()
    {
        using var provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { ProviderName = _name },
            _time,
            new FailingStore()
        );

        await provider.GetTokenAsync(Cancel);

        Assert.Equal(
            ["read", "lease"],
            _measurements.Of(StoreFailures).Select(failure => failure.Tag(StoreOperationTag))
        );
    }

    [Fact]
    public async Task A_fresh_token_costs_nothing_more_with_and_without_listeners()
    {
        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => _measurements.Of(Renewals).Any()); // counted when the caller is on his way
        var seen = _measurements.All.Count;
        _ = BytesOf(_provider);

        var allocated = BytesOf(_provider);

        Assert.Equal(0, allocated);
        Assert.Equal(seen, _measurements.All.Count);

        static long BytesOf(CachedTokenProvider provider)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
                if (!provider.GetTokenAsync(CancellationToken.None).IsCompletedSuccessfully)
                    throw new InvalidOperationException("The token is not fresh.");

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    [Trait("Failure", "46")]
    public async Task No_tag_shows_a_token()
    {
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        await _provider.GetTokenAsync(Cancel);
        _measurements.Observe(RemainingLife);

        Assert.NotEmpty(_measurements.All);
        Assert.DoesNotContain(
            _measurements.All.SelectMany(measured => measured.Tags.Values),
            value =>
                value is not string text
                || text.Contains("token-", StringComparison.Ordinal)
                || text.Contains("refresh-", StringComparison.Ordinal)
        );
    }
}
