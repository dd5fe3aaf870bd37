using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.Tenants;

/// <summary>Each kind of tenants in each place that a credential can go to.</summary>
public sealed class TenantPlacementTests
{
    private readonly List<string> _credentials = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddSubscriptionKey_sends_the_tenants_key_and_asks_for_no_token()
    {
        using var service = Service();
        await using var scene = new TenantScene(more: tokens =>
            tokens
                .Services.AddHttpClient("keys")
                .AddSubscriptionKey("speech")
                .ConfigurePrimaryHttpMessageHandler(() => service)
        );

        foreach (var tenant in new[] { "a", "b", "a" })
            await SendAsync(scene, "keys", TenantScene.Request(tenant));

        Assert.Equal(["key-of-a-1", "key-of-b-1", "key-of-a-1"], _credentials);
        Assert.Equal(0, scene.Issued);
    }

    [Fact]
    public async Task A_refused_key_gives_way_to_the_same_tenants_second_key()
    {
        using var service = Service(refused: "key-of-a-1");
        await using var scene = new TenantScene(
            resolve: (tenant, _, _) =>
            {
                var options = TenantScene.Options(tenant);
                options.SecondaryKey = $"key-of-{tenant}-2";
                return new(options);
            },
            more: tokens =>
                tokens
                    .Services.AddHttpClient("keys")
                    .AddSubscriptionKey("speech")
                    .ConfigurePrimaryHttpMessageHandler(() => service)
        );

        foreach (var tenant in new[] { "a", "b", "a" })
            await SendAsync(scene, "keys", TenantScene.Request(tenant));

        Assert.Equal(["key-of-a-1", "key-of-a-2", "key-of-b-1", "key-of-a-2"], _credentials);
    }

    [Fact]
    public async Task A_place_that_the_vendor_does_not_take_stops_the_start()
    {
        await using var scene = new TenantScene(more: tokens =>
        {
            tokens.AddVkCloudTenants("voice", (_, _, _) => new((VkCloudOptions?)null));
            tokens.Services.AddHttpClient("keys").AddSubscriptionKey("voice");
            tokens.Services.AddHttpClient("queries").AddOAuthTokenQuery("speech");
        });

        var error = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
            await scene.Tenants.GetAsync("speech", "acme", Cancel)
        );

        Assert.Equal(
            [
                "AddSubscriptionKey(\"voice\") of HttpClient 'keys': VK Cloud takes no subscription key: Voice takes its token as Authorization: Bearer "
                    + "(AddBearerToken, BearerTokenHandler), Vision takes it in the query (AddOAuthTokenQuery, OAuthTokenQueryHandler).",
                "AddOAuthTokenQuery(\"speech\") of HttpClient 'queries': Azure takes no token in the query: its tokens go as Authorization: Bearer "
                    + "(AddBearerToken, BearerTokenHandler), its key as Ocp-Apim-Subscription-Key (AddSubscriptionKey, SubscriptionKeyHandler).",
            ],
            error.Failures.Select(failure => failure.Trim())
        );
    }

    [Fact]
    public async Task Tenants_of_a_source_have_a_token_each_and_go_where_the_client_says()
    {
        using var service = Service();
        await using var scene = new TenantScene(more: tokens =>
        {
            tokens.AddTokenSourceTenants("own", (tenant, _, _) => new(tenant == "unknown" ? null : Naming(tenant)));
            tokens
                .Services.AddHttpClient("own-service")
                .AddBearerToken("own", o => o.AllowedHosts.Add("api.example.com"))
                .ConfigurePrimaryHttpMessageHandler(() => service);
        });

        foreach (var tenant in new[] { "a", "b" })
            await SendAsync(scene, "own-service", Request(tenant, "api.example.com"));
        var unknown = await Assert.ThrowsAsync<UnknownTenantException>(() =>
            SendAsync(scene, "own-service", Request("unknown", "api.example.com"))
        );
        var elsewhere = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            SendAsync(scene, "own-service", Request("a", "other.example.com"))
        );

        Assert.Equal(["Bearer token-of-a", "Bearer token-of-b"], _credentials);
        Assert.Equal("own", unknown.ProviderName);
        Assert.StartsWith(
            "AddBearerToken(\"own\") of HttpClient 'own-service' sends no credential to 'https://other.example.com': the credential is for "
                + "api.example.com and loopback.",
            elsewhere.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_copy_is_known_however_many_clients_a_tenant_has()
    {
        using var service = Service();
        string[] clients = ["c0", "c1", "c2", "c3", "c4", "c5"];
        await using var scene = new TenantScene(more: tokens =>
        {
            foreach (var client in clients)
                tokens
                    .Services.AddHttpClient(client)
                    .AddBearerToken("speech")
                    .ConfigurePrimaryHttpMessageHandler(() => service);
        });
        await SendAsync(scene, "c0", TenantScene.Request("a"));
        var provider = await scene.Tenants.GetAsync("speech", "a", Cancel);
        provider.Invalidate(await provider.GetTokenAsync(Cancel));
        foreach (var client in clients[1..])
            await SendAsync(scene, client, TenantScene.Request("a"));

        var copy = TenantScene.Request("a");
        copy.Headers.TryAddWithoutValidation("Authorization", _credentials[0]);
        await SendAsync(scene, "c0", copy);

        Assert.Equal("Bearer " + (await provider.GetTokenAsync(Cancel)).Value, _credentials[^1]);
        Assert.NotEqual(_credentials[0], _credentials[^1]);
    }

    private static HttpRequestMessage Request(string tenant, string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{host}/"));
        request.SetTokenTenant(tenant);

        return request;
    }

    private static async Task SendAsync(TenantScene scene, string client, HttpRequestMessage request)
    {
        using var sender = scene.Services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
        (await sender.SendAsync(request, Cancel)).Dispose();
    }

    /// <summary>A service that keeps the credentials it has got.</summary>
    private StubPrimaryHandler Service(string? refused = null) =>
        new(request =>
        {
            var credential = request.Headers.TryGetValues("Ocp-Apim-Subscription-Key", out var keys)
                ? keys.Single()
                : request.Headers.Authorization!.ToString();
            _credentials.Add(credential);

            return new(credential == refused ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        });

    private static ScriptedSource Naming(string tenant) =>
        new(TimeProvider.System)
        {
            Answer = (_, _) => Task.FromResult(new TokenGrant(new AccessToken("token-of-" + tenant))),
        };
}
