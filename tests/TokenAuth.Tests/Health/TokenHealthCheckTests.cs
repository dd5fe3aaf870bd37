using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TokenAuth.Testing;
using TokenAuth.Tests.Lifetime;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Health;

public sealed class TokenHealthCheckTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;
    private readonly ServiceProvider _services;
    private readonly ScriptedStore _store = new();

    public TokenHealthCheckTests()
    {
        _source = new ScriptedSource(_time);
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddProvider(
                "voice",
                _ => new CachedTokenProvider(
                    _source,
                    new CachedTokenOptions { ProviderName = "voice", Jitter = () => 0.5 },
                    _time,
                    _store
                )
            );
        services.AddHealthChecks().AddTokenAuth();
        _services = services.BuildServiceProvider();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task A_provider_that_nobody_used_is_healthy_and_stays_unmade()
    {
        var report = await Check();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("All token providers are well.", report.Description);
        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    public async Task A_provider_with_a_token_is_healthy_and_the_check_makes_no_call()
    {
        await Get();
        _time.Advance(TimeSpan.FromMinutes(58));

        var report = await Check();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(
            new Dictionary<string, object>
            {
                ["status"] = "Healthy",
                ["expiresAt"] = _time.GetUtcNow() + TimeSpan.FromMinutes(2),
            },
            report.Data["voice"]
        );
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task A_token_that_expired_while_nobody_asked_is_no_trouble()
    {
        await Get();
        _time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task A_failing_renewal_is_degraded_while_the_token_serves_and_unhealthy_afterwards()
    {
        await Get();
        _source.Answer = (_, _) => throw ScriptedSource.Transient(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromMinutes(59));
        await Get();

        var serving = await Check();
        Assert.Equal(HealthStatus.Degraded, serving.Status);
        Assert.Equal(
            "Token provider 'voice': its renewal fails, its token still serves; since 2026-01-01 00:59:00Z, next attempt from 2026-01-01 00:59:30Z. The "
                + "endpoint failed.",
            serving.Description
        );
        Assert.Equal(
            new Dictionary<string, object>
            {
                ["status"] = "Degraded",
                ["since"] = _time.GetUtcNow(),
                ["cause"] = "The endpoint failed.",
                ["nextAttempt"] = _time.GetUtcNow() + TimeSpan.FromSeconds(30),
                ["expiresAt"] = _time.GetUtcNow() + TimeSpan.FromMinutes(1),
            },
            serving.Data["voice"]
        );

        _time.Advance(TimeSpan.FromMinutes(1));
        var expired = await Check();
        Assert.Equal(HealthStatus.Unhealthy, expired.Status);
        Assert.Equal(
            "Token provider 'voice': it has no usable token; since 2026-01-01 00:59:00Z, next attempt from 2026-01-01 01:00:00Z. The endpoint failed.",
            expired.Description
        );

        _source.Answer = null;
        await Get();
        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
    }

    [Fact]
    [Trait("Failure", "16")]
    public async Task A_first_fetch_that_fails_is_unhealthy()
    {
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        await Assert.ThrowsAsync<TokenAcquisitionException>(Get);

        Assert.Equal(HealthStatus.Unhealthy, (await Check()).Status);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_store_that_fails_is_degraded_although_callers_notice_nothing()
    {
        _store.FailAt("read", "lease");
        await Get();

        var report = await Check();

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal(
            "Token provider 'voice': its token store fails; since 2026-01-01 00:00:00Z. The disk is full.",
            report.Description
        );
        Assert.Equal(
            new Dictionary<string, object>
            {
                ["status"] = "Degraded",
                ["since"] = _time.GetUtcNow(),
                ["cause"] = "The disk is full.",
                ["expiresAt"] = _time.GetUtcNow() + TimeSpan.FromHours(1),
            },
            report.Data["voice"]
        );

        _store.Before = null;
        _time.Advance(TimeSpan.FromHours(1));
        await Get();
        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
    }

    [Fact]
    [Trait("Failure", "36")]
    public async Task Changed_settings_that_are_wrong_are_degraded_until_they_are_right()
    {
        var root = new ConfigurationBuilder()
            .AddInMemoryCollection([new("TokenAuth:s:Provider", "StaticToken"), new("TokenAuth:s:Token", "t-1")])
            .Build();
        var collection = new ServiceCollection();
        collection.AddTokenAuth(root.GetSection("TokenAuth"));
        collection.AddHealthChecks().AddTokenAuth();
        await using var services = collection.BuildServiceProvider();
        await services.GetRequiredKeyedService<ITokenProvider>("s").GetTokenAsync(Cancel);

        root["TokenAuth:s:Token"] = "";
        root.Reload();
        var report = await Check(services);
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Matches(
            "^Token provider 's': its changed settings are wrong; since [0-9-]{10} [0-9:]{8}Z. "
                + "TokenAuth:s:Token is missing; give the token that the console issued.$",
            report.Description
        );

        root["TokenAuth:s:Token"] = "t-1";
        root.Reload();
        Assert.Equal(HealthStatus.Healthy, (await Check(services)).Status);
    }

    [Fact]
    public async Task The_worst_provider_decides_and_only_the_unwell_are_described()
    {
        var collection = new ServiceCollection();
        var failing = new ScriptedSource(_time) { Answer = (_, _) => throw ScriptedSource.Transient() };
        collection
            .AddTokenAuth()
            .AddStaticToken("a", "t-1")
            .AddProvider("b", _ => new CachedTokenProvider(failing, timeProvider: _time))
            .AddProvider("c", _ => new CachedTokenProvider(_source, timeProvider: _time));
        collection
            .AddHealthChecks()
            .AddTokenAuth(failureStatus: HealthStatus.Degraded, tags: ["ready"], name: "tokens");
        await using var services = collection.BuildServiceProvider();
        foreach (var name in new[] { "a", "c" })
            await services.GetRequiredKeyedService<ITokenProvider>(name).GetTokenAsync(Cancel);
        await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await services.GetRequiredKeyedService<ITokenProvider>("b").GetTokenAsync(Cancel)
        );

        var report = await Check(services, "tokens");

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.StartsWith("Token provider 'b': it has no usable token", report.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("'c'", report.Description, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c"], report.Data.Keys.Order());
        Assert.Equal(["ready"], report.Tags);
    }

    [Fact]
    public async Task Without_a_provider_it_is_healthy()
    {
        var collection = new ServiceCollection();
        collection.AddLogging().AddHealthChecks().AddTokenAuth();
        await using var services = collection.BuildServiceProvider();

        var report = await Check(services);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("No token provider is registered.", report.Description);
    }

    [Fact]
    public async Task All_that_are_unwell_are_described()
    {
        var collection = new ServiceCollection();
        var failing = new ScriptedSource(_time) { Answer = (_, _) => throw ScriptedSource.Transient() };
        foreach (var name in new[] { "a", "b" })
            collection.AddTokenAuth().AddProvider(name, _ => new CachedTokenProvider(failing, timeProvider: _time));
        collection.AddHealthChecks().AddTokenAuth();
        await using var services = collection.BuildServiceProvider();
        foreach (var name in new[] { "a", "b" })
            await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
                await services.GetRequiredKeyedService<ITokenProvider>(name).GetTokenAsync(Cancel)
            );

        var report = await Check(services);

        Assert.Matches(
            @"^Token provider 'a': .* The endpoint failed\. Token provider 'b': .* The endpoint failed\.$",
            report.Description
        );
    }

    private async Task Get()
    {
        var provider = (CachedTokenProvider)_services.GetRequiredKeyedService<ITokenProvider>("voice");
        await provider.GetTokenAsync(Cancel);
        await Patience.Until(() => !provider.IsRenewing);
    }

    private Task<HealthReportEntry> Check() => Check(_services);

    private static async Task<HealthReportEntry> Check(IServiceProvider services, string name = "TokenAuth") =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Entries[name];
}
