using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.Tenants;

public sealed class TenantRequestTests
{
    private static readonly Uri _loopback = new("https://localhost/");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_carries_the_token_of_its_tenant()
    {
        await using var scene = new TenantScene();

        foreach (var tenant in new[] { "a", "b", "a" })
            Assert.Equal(HttpStatusCode.OK, await scene.SendAsync(tenant, cancel: Cancel));

        Assert.Empty(scene.Crossed);
        Assert.Equal(["a", "b", "a"], scene.Received);
        Assert.Equal(2, scene.Issued);
    }

    [Fact]
    public async Task The_options_say_whose_it_is_and_the_request_itself_wins()
    {
        await using var scene = new TenantScene(handler: o =>
            o.Tenant = request => request.RequestUri!.Host.Split('.')[0]
        );

        using var silent = new HttpRequestMessage(HttpMethod.Get, TenantScene.Host("a"));
        await scene.Client.SendAsync(silent, Cancel);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            scene.SendAsync("b", host: "a", cancel: Cancel)
        );

        Assert.Equal(["a"], scene.Received);
        Assert.StartsWith(
            "AddBearerToken(\"speech\") of HttpClient 'speech-service' sends no credential to 'https://a.cognitiveservices.azure.com': the credential is for "
                + "b.cognitiveservices.azure.com",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("unknown")]
    public async Task Without_a_known_tenant_nothing_is_sent(string? tenant)
    {
        await using var scene = new TenantScene();

        await Assert.ThrowsAsync<UnknownTenantException>(() => scene.SendAsync(tenant, host: "a", cancel: Cancel));

        Assert.Empty(scene.Received);
        Assert.Equal(0, scene.Issued);
    }

    [Fact]
    public async Task A_refused_token_is_healed_for_its_tenant_alone()
    {
        await using var scene = new TenantScene();
        await scene.SendAsync("a", cancel: Cancel);
        await scene.SendAsync("b", cancel: Cancel);
        scene.Revoke("a");

        Assert.Equal(HttpStatusCode.OK, await scene.SendAsync("a", cancel: Cancel));
        Assert.Equal(HttpStatusCode.OK, await scene.SendAsync("b", cancel: Cancel));

        Assert.Equal(3, scene.Issued);
        Assert.Equal(["a", "b", "a", "a", "b"], scene.Received);
    }

    [Theory]
    [Trait("Failure", "51")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_that_brings_another_tenants_token_gets_that_of_its_own(bool isForgotten)
    {
        await using var scene = new TenantScene();
        await scene.SendAsync("a", cancel: Cancel);
        var token = await (await scene.Tenants.GetAsync("speech", "a", Cancel)).GetTokenAsync(Cancel);
        if (isForgotten)
            await scene.Tenants.ForgetAsync("speech", "a", cancellationToken: Cancel);

        using var copy = TenantScene.Request("b"); // of a request of tenant a under way
        copy.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token.Value);
        using var response = await scene.Client.SendAsync(copy, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(scene.Crossed);
        Assert.Equal(["a", "b"], scene.Received);
    }

    [Fact]
    [Trait("Failure", "51")]
    public async Task A_callers_own_token_stays_on_a_request_of_a_tenant()
    {
        await using var scene = new TenantScene();
        await scene.SendAsync("a", cancel: Cancel);

        using var own = TenantScene.Request("a");
        own.Headers.TryAddWithoutValidation("Authorization", "Bearer e30.YQ.own");
        await scene.Client.SendAsync(own, Cancel);

        Assert.Equal("Bearer e30.YQ.own", own.Headers.Authorization!.ToString());
        Assert.Equal(1, scene.Issued);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("unknown", false)]
    [InlineData("unknown", true)]
    public async Task A_request_with_a_credential_of_its_own_needs_no_tenant(string? tenant, bool isSynchronous)
    {
        await using var scene = new TenantScene();

        using var own = TenantScene.Request(tenant, host: "a");
        own.Headers.TryAddWithoutValidation("Authorization", "Bearer e30.YQ.own");
        using var response = isSynchronous ? scene.Client.Send(own, Cancel) : await scene.Client.SendAsync(own, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["a"], scene.Received);
        Assert.Empty(scene.Resolved);
    }

    [Theory]
    [Trait("Failure", "51")]
    [InlineData(null)]
    [InlineData("unknown")]
    public async Task A_copy_that_brings_another_tenants_token_needs_a_tenant(string? tenant)
    {
        await using var scene = new TenantScene();
        await scene.SendAsync("a", cancel: Cancel);
        var token = await (await scene.Tenants.GetAsync("speech", "a", Cancel)).GetTokenAsync(Cancel);

        using var copy = TenantScene.Request(tenant, host: "a");
        copy.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token.Value);
        await Assert.ThrowsAsync<UnknownTenantException>(() => scene.Client.SendAsync(copy, Cancel));

        Assert.Equal(["a"], scene.Received);
    }

    [Fact]
    public async Task A_credential_that_is_to_be_replaced_needs_a_tenant()
    {
        await using var scene = new TenantScene(handler: o => o.ReplaceExisting = true);

        using var request = TenantScene.Request(tenant: null, host: "a");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer e30.YQ.own");
        await Assert.ThrowsAsync<UnknownTenantException>(() => scene.Client.SendAsync(request, Cancel));

        Assert.Empty(scene.Received);
    }

    [Fact]
    public async Task A_failing_endpoint_is_its_tenants_alone()
    {
        await using var scene = new TenantScene();
        scene.Failing["a"] = 0;

        var failing = Assert.ThrowsAsync<TokenAcquisitionException>(() => scene.SendAsync("a", cancel: Cancel));
        await scene.Time.AdvanceUntilAsync(failing, TimeSpan.FromMinutes(1));
        await failing;

        Assert.Equal(HttpStatusCode.OK, await scene.SendAsync("b", cancel: Cancel));
    }

#if NET
    [Fact]
    public async Task A_synchronous_request_resolves_its_tenant_too()
    {
        await using var scene = new TenantScene();

        using var request = TenantScene.Request("a");
        using var response = scene.Client.Send(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(scene.Crossed);
    }
#endif

    [Fact]
    public async Task Tenant_over_a_provider_without_tenants_stops_the_start()
    {
        await using var scene = new TenantScene(more: tokens =>
        {
            tokens.AddStaticToken("service", "token");
            tokens.Services.AddHttpClient("other").AddBearerToken("service", o => o.Tenant = _ => "acme");
        });

        var error = Assert.Throws<OptionsValidationException>(() =>
            scene.Services.GetRequiredKeyedService<ITokenProvider>("service")
        );
        var alone = Assert.Throws<ArgumentException>(() =>
            new BearerTokenHandler(new StaticTokenProvider("token"), new() { Tenant = _ => "acme" })
        );

        Assert.Equal(
            [
                "AddBearerToken(\"service\") of HttpClient 'other': Tenant is set, but token provider 'service' has no tenants; leave it out.",
            ],
            error.Failures
        );
        Assert.StartsWith(
            "Tenant is set, but StaticTokenProvider has no tenants; leave it out.",
            alone.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_names_a_tenant_gets_no_token_that_is_of_all(bool isAfterAnother)
    {
        await using var scene = new TenantScene(more: tokens =>
        {
            tokens.AddStaticToken("service", "token");
            Loopback(tokens, "other", "service");
        });
        var client = scene.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");
        if (isAfterAnother)
            await client.GetAsync(_loopback, Cancel); // the address is known from here on

        using var request = new HttpRequestMessage(HttpMethod.Get, _loopback);
        request.SetTokenTenant("acme");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, Cancel));

        Assert.Equal(
            "AddBearerToken(\"service\") of HttpClient 'other' sends no credential for tenant 'acme': its provider has no tenants, and its one token is not "
                + "that tenant's. Register the provider with AddVkCloudTenants, AddAzureSpeechTenants or AddTokenSourceTenants, or do not call "
                + "SetTokenTenant on the requests of this client.",
            error.Message
        );
        Assert.Equal(isAfterAnother ? ["Bearer token"] : [], Answering.Received(scene));
    }

    [Fact]
    public async Task A_request_that_names_a_tenant_keeps_the_token_that_it_brings()
    {
        await using var scene = new TenantScene(more: tokens =>
        {
            tokens.AddStaticToken("service", "token");
            Loopback(tokens, "other", "service");
        });
        var client = scene.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");

        using var request = new HttpRequestMessage(HttpMethod.Get, _loopback);
        request.SetTokenTenant("acme");
        request.Headers.Authorization = new("Bearer", "own");
        await client.SendAsync(request, Cancel);

        Assert.Equal(["Bearer own"], Answering.Received(scene));
    }

    [Fact]
    public async Task A_fake_in_the_place_of_tenants_serves_a_request_of_any()
    {
        await using var scene = new TenantScene(more: tokens =>
        {
            tokens.ReplaceProvider("speech", new StaticTokenProvider("fake"));
            Loopback(tokens, "other", "speech");
        });
        var client = scene.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");

        using var request = new HttpRequestMessage(HttpMethod.Get, _loopback);
        request.SetTokenTenant("acme");
        await client.SendAsync(request, Cancel);

        Assert.Equal(["Bearer fake"], Answering.Received(scene));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_over_one_tenants_provider_serves_that_tenants_requests_alone(bool isWrapped)
    {
        await using var scene = new TenantScene();
        using var service = new Answering();
        var provider = await scene.Tenants.GetAsync("speech", "a", Cancel);
        if (isWrapped)
            provider = new WrappingProvider(provider);
        using var invoker = new HttpMessageInvoker(new BearerTokenHandler(provider) { InnerHandler = service });

        using var own = new HttpRequestMessage(HttpMethod.Get, _loopback);
        own.SetTokenTenant("a");
        await invoker.SendAsync(own, Cancel);
        using var other = new HttpRequestMessage(HttpMethod.Get, _loopback);
        other.SetTokenTenant("A");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => invoker.SendAsync(other, Cancel));

        Assert.Single(service.Authorizations);
        Assert.Equal(
            "BearerTokenHandler sends no credential for tenant 'A': its provider is another tenant's. Make the handler over the provider that "
                + "ITokenTenants.GetAsync returns for 'A', or send the request through a client whose provider has tenants.",
            error.Message
        );
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_handler_over_a_tenants_provider_follows_the_tenant_to_its_new_host(bool isKey, bool isWrapped)
    {
        var host = "old";
        await using var scene = new TenantScene(resolve: (_, _, _) => new(TenantScene.Options(host)));
        var provider = await scene.Tenants.GetAsync("speech", "a", Cancel);
        if (isWrapped)
            provider = new WrappingProvider(provider);
        using var service = new Answering();
        using TokenHandler handler = isKey
            ? new SubscriptionKeyHandler(provider) { InnerHandler = service }
            : new BearerTokenHandler(provider) { InnerHandler = service };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await SendAsync("old");

        host = "new";
        await scene.Tenants.ForgetAsync("speech", "a", cancellationToken: Cancel);
        await SendAsync("new");
        await SendAsync("new");

        Assert.Equal(3, service.Authorizations.Count);
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync("old"));

        async Task SendAsync(string to)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, TenantScene.Host(to));
            (await invoker.SendAsync(request, Cancel)).Dispose();
        }
    }

    private static void Loopback(TokenAuthBuilder tokens, string client, string provider)
    {
        var service = new Answering();
        tokens.Services.AddSingleton(service);
        tokens
            .Services.AddHttpClient(client)
            .AddBearerToken(provider)
            .ConfigurePrimaryHttpMessageHandler(() => service);
    }

    private sealed class Answering : HttpMessageHandler
    {
        public List<string?> Authorizations { get; } = [];

        public static List<string?> Received(TenantScene scene) =>
            scene.Services.GetRequiredService<Answering>().Authorizations;

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Authorizations.Add(request.Headers.Authorization?.ToString());

            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request });
        }
    }
}
