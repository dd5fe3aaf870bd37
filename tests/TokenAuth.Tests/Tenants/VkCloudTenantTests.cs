using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Tenants;

/// <summary>Tenants whose grants cost one of the 25 refresh tokens of a project.</summary>
public sealed class VkCloudTenantTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;

    public VkCloudTenantTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _endpoint.Dispose();

    [Fact]
    [Trait("Failure", "33")]
    public async Task Tenants_that_take_turns_in_a_memory_for_one_spend_one_refresh_token_each_in_a_minute()
    {
        _endpoint.Answer = (n, _) => Task.FromResult(ScriptedEndpoint.Json(Grant($"refresh-{n}")));
        await using var services = Services();
        var tenants = services.GetRequiredService<ITokenTenants>();

        foreach (var tenant in new[] { "a", "b", "a", "b" })
            await AskAsync(tenants, tenant);
        var during = tenants.Count;
        _time.Advance(TimeSpan.FromMinutes(1));
        await tenants.GetAsync("voice", "c", Cancel);

        Assert.Equal(["client-of-a client_credentials", "client-of-b client_credentials"], Requests());
        Assert.Equal((2, 1), (during, tenants.Count));
    }

    [Fact]
    [Trait("Failure", "63")]
    public async Task A_refresh_token_beside_a_bad_access_token_is_the_next_attempt_although_another_tenant_comes()
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Json("""{"access_token":"a b","refresh_token":"refresh-2","expired_in":"3600"}"""),
            () => ScriptedEndpoint.Json(Grant("refresh-3"))
        );
        await using var services = Services(TenantScene.Store());
        var tenants = services.GetRequiredService<ITokenTenants>();

        await Assert.ThrowsAsync<TokenAcquisitionException>(() => AskAsync(tenants, "a"));
        _time.Advance(TimeSpan.FromMinutes(59));
        await tenants.GetAsync("voice", "b", Cancel);
        await AskAsync(tenants, "a");

        Assert.Equal(["client-of-a refresh_token refresh-1", "client-of-a refresh_token refresh-2"], Requests());
    }

    private static string Grant(string refreshToken) =>
        $$"""{"access_token":"access","refresh_token":"{{refreshToken}}","expired_in":"3600"}""";

    private static async Task AskAsync(ITokenTenants tenants, string tenant) =>
        await (await tenants.GetAsync("voice", tenant, Cancel)).GetTokenAsync(Cancel);

    private ServiceProvider Services(ITokenStore? store = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time);
        if (store is not null)
            services.AddSingleton(store);
        services
            .AddTokenAuth()
            .AddVkCloudTenants(
                "voice",
                (tenant, _, _) =>
                    new(
                        new VkCloudOptions
                        {
                            ClientId = "client-of-" + tenant,
                            ClientSecret = "the-client's-secret",
                            RefreshToken = store is null ? null : "refresh-1",
                        }
                    ),
                o => o.Capacity = 1
            )
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));

        return services.BuildServiceProvider();
    }

    private IEnumerable<string> Requests() =>
        _endpoint
            .Requests.Select(request => JsonNode.Parse(request.Body)!)
            .Select(body => $"{body["client_id"]} {body["grant_type"]} {body["refresh_token"]}".Trim());
}
