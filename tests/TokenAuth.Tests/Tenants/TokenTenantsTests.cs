using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.Tenants;

public sealed class TokenTenantsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_tenant_has_its_own_token_and_is_resolved_once_for_many_callers()
    {
        await using var scene = new TenantScene();

        var tokens = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async i =>
                {
                    var provider = await scene.Tenants.GetAsync("SPEECH", i % 2 == 0 ? "acme" : "Acme", Cancel);
                    return (await provider.GetTokenAsync(Cancel)).Value;
                })
        );

        Assert.Equal(2, tokens.Distinct().Count());
        Assert.Equal(2, scene.Tenants.Count);
        Assert.Equal([1, 1], scene.Resolved.Values);
        Assert.Equal(2, scene.Issued);
    }

    [Fact]
    public async Task A_tenant_that_nobody_knows_is_an_error_and_takes_no_place()
    {
        await using var scene = new TenantScene();

        var error = await Assert.ThrowsAsync<UnknownTenantException>(async () =>
            await scene.Tenants.GetAsync("speech", "unknown", Cancel)
        );

        Assert.Equal("speech", error.ProviderName);
        Assert.Equal(
            "Token provider 'speech' has no tenant 'unknown': its resolver returned null. Check the name, whose case counts.",
            error.Message
        );
        Assert.Equal(0, scene.Tenants.Count);
    }

    [Fact]
    public async Task A_tenant_that_is_not_said_is_an_error()
    {
        await using var scene = new TenantScene();

        var error = await Assert.ThrowsAsync<UnknownTenantException>(async () =>
            await scene.Tenants.GetAsync("speech", "", Cancel)
        );

        Assert.Equal(
            "Token provider 'speech' has tenants, and nothing says whose token is meant. Call request.SetTokenTenant(tenant), or set Tenant in the "
                + "options of the client's token.",
            error.Message
        );
    }

    [Fact]
    public async Task A_resolver_that_fails_is_its_callers_error_and_is_asked_again()
    {
        var calls = 0;
        await using var scene = new TenantScene(
            resolve: async (tenant, _, _) =>
            {
                await Task.Yield();
                return ++calls == 1
                    ? throw new InvalidOperationException("The database is down.")
                    : TenantScene.Options(tenant);
            }
        );

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await scene.Tenants.GetAsync("speech", "acme", Cancel)
        );
        var provider = await scene.Tenants.GetAsync("speech", "acme", Cancel);

        Assert.Equal("The database is down.", error.Message);
        Assert.NotNull(await provider.GetTokenAsync(Cancel));
    }

    [Fact]
    public async Task A_caller_who_leaves_harms_no_other()
    {
        var mayAnswer = new TaskCompletionSource();
        await using var scene = new TenantScene(
            resolve: async (tenant, _, end) =>
            {
                await mayAnswer.Task.WaitAsync(end);
                return TenantScene.Options(tenant);
            }
        );
        using var leaving = new CancellationTokenSource();

        var first = scene.Tenants.GetAsync("speech", "acme", leaving.Token).AsTask();
        var second = scene.Tenants.GetAsync("speech", "acme", Cancel).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        mayAnswer.SetResult();

        Assert.NotNull(await second);
    }

    [Fact]
    public async Task A_resolver_that_hangs_is_left_after_15_seconds()
    {
        var never = new TaskCompletionSource<AzureSpeechOptions?>();
        await using var scene = new TenantScene(resolve: (_, _, _) => new(never.Task));

        var getting = scene.Tenants.GetAsync("speech", "acme", Cancel).AsTask();
        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            scene.Time.AdvanceUntilAsync(getting, TimeSpan.FromMinutes(1))
        );

        Assert.True(error.IsTransient);
        Assert.Equal(
            "Resolving a tenant of token provider 'speech' took longer than 15 seconds. Check what the resolver waits for.",
            error.Message
        );
    }

    [Fact]
    public async Task The_resolver_has_a_scope_of_its_own_each_time()
    {
        var scopes = new List<IServiceProvider>();
        await using var scene = new TenantScene(
            resolve: (tenant, services, _) =>
            {
                lock (scopes)
                    scopes.Add(services);
                return new(TenantScene.Options(tenant));
            }
        );

        await scene.Tenants.GetAsync("speech", "a", Cancel);
        await scene.Tenants.GetAsync("speech", "b", Cancel);

        Assert.Equal(2, scopes.Distinct().Count());
        Assert.Throws<ObjectDisposedException>(() => scopes[0].GetService<IServiceScopeFactory>());
    }

    [Fact]
    public async Task Wrong_options_say_whose_they_are()
    {
        await using var scene = new TenantScene(
            resolve: (_, _, _) => new(new AzureSpeechOptions { Region = "westeurope" })
        );

        var error = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
            await scene.Tenants.GetAsync("speech", "acme\r\n", Cancel)
        );

        Assert.StartsWith(
            "Tenant 'acme??' of token provider 'speech': SubscriptionKey is missing;",
            Assert.Single(error.Failures),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task One_options_object_for_two_tenants_is_two_providers()
    {
        var shared = TenantScene.Options("shared");
        var store = TenantScene.Store();
        await using var scene = new TenantScene(store: store, resolve: (_, _, _) => new(shared));

        var a = await (await scene.Tenants.GetAsync("speech", "a", Cancel)).GetTokenAsync(Cancel);
        var b = await (await scene.Tenants.GetAsync("speech", "b", Cancel)).GetTokenAsync(Cancel);

        Assert.NotEqual(a.Value, b.Value);
        Assert.Equal("AzureSpeech", shared.ProviderName);
    }

    [Fact]
    public async Task A_name_with_tenants_has_no_token_of_its_own()
    {
        await using var scene = new TenantScene();

        var error = Assert.Throws<InvalidOperationException>(() =>
            scene.Services.GetKeyedService<ITokenProvider>("Speech")
        );

        Assert.Equal(
            "Token provider 'speech' has tenants, and a token of it is always one tenant's: ask ITokenTenants.GetAsync(\"speech\", tenant), or let a "
                + "request say whose it is with request.SetTokenTenant(tenant).",
            error.Message
        );
    }

    [Fact]
    public async Task A_name_without_tenants_is_none_of_theirs()
    {
        await using var scene = new TenantScene(more: tokens => tokens.AddStaticToken("service", "token"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await scene.Tenants.GetAsync("service", "acme", Cancel)
        );
        var unknown = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await scene.Tenants.GetAsync("other", "acme", Cancel)
        );

        Assert.Equal(
            "Token provider 'service' has no tenants: it was not registered with AddVkCloudTenants, AddAzureSpeechTenants or AddTokenSourceTenants. Ask "
                + "for it by its name, GetRequiredKeyedService<ITokenProvider>(\"service\").",
            error.Message
        );
        Assert.Equal(
            "No token provider is named 'other'; the registered ones are 'service', 'speech'.",
            unknown.Message
        );
        Assert.Same(
            scene.Services.GetRequiredKeyedService<ITokenProvider>("service"),
            scene.Services.GetRequiredService<ITokenProvider>()
        );
    }

    [Theory]
    [InlineData(0, 60, "Capacity is 0; write how many tenants may be in memory, one or more.")]
    [InlineData(1, 0, "IdleTimeout is 00:00:00; write a time of more than zero, up to 30 days.")]
    public async Task Wrong_bounds_stop_the_start(int capacity, int seconds, string error)
    {
        await using var scene = new TenantScene(more: tokens =>
            tokens.AddTokenSourceTenants(
                "own",
                (_, _, _) => new((ITokenSource?)null),
                o => (o.Capacity, o.IdleTimeout) = (capacity, TimeSpan.FromSeconds(seconds))
            )
        );

        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
            await scene.Tenants.GetAsync("own", "acme", Cancel)
        );

        Assert.Equal([$"Tenants of token provider 'own': {error}"], wrong.Failures);
    }

    [Fact]
    public async Task A_fake_stands_in_for_every_tenant()
    {
        await using var scene = new TenantScene(
            handler: o => (o.Tenant, o.AllowedHosts) = (_ => "acme", [".cognitiveservices.azure.com"]),
            more: tokens => tokens.ReplaceProvider("speech", new StaticTokenProvider("e30.ZmFrZQ.fake"))
        );

        var provider = await scene.Tenants.GetAsync("speech", "acme", Cancel);
        var status = await scene.SendAsync("fake", cancel: Cancel);

        Assert.Equal("e30.ZmFrZQ.fake", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(scene.Crossed);
        Assert.Empty(scene.Resolved);
    }

    [Fact]
    public async Task After_the_end_of_the_container_nothing_is_resolved()
    {
        var scene = new TenantScene();
        var provider = await scene.Tenants.GetAsync("speech", "acme", Cancel);
        var tenants = scene.Tenants;

        await scene.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await provider.GetTokenAsync(Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
            await tenants.GetAsync("speech", "other", Cancel)
        );
        Assert.Equal(0, scene.Time.ActiveTimers);
    }
}
