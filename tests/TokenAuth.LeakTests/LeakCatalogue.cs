using Microsoft.Extensions.DependencyInjection;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.LeakTests;

/// <summary>What can go well and wrong with the providers, the handlers and the store, each with secrets in it.</summary>
internal static partial class LeakCatalogue
{
    private static readonly int[] _statuses = [200, 302, 400, 401, 403, 404, 429, 503];

    private static readonly string[] _refusals = ["none", "401", "400/4048", "envelope", "403", "redirect", "500"];

    private static readonly string[] _vkEchoes = ["client secret", "refresh token", "access token's start"];
    private static readonly string[] _azureEchoes = ["key", "token's start"];
    private static readonly string[] _vendors = ["VK Cloud", "Azure Speech"];
    private static readonly string[] _vkPlacements = ["bearer", "query"];
    private static readonly string[] _azurePlacements = ["bearer", "key"];
    private static readonly bool[] _both = [false, true];

    public static IEnumerable<(string Name, Func<LeakScene, Task> Run)> All =>
        [.. VkCloud(), .. AzureSpeech(), .. Services(), .. KeptFresh(), .. Settings(), .. Store(), .. Unreachable()];

    public static IEnumerable<(string Name, Func<LeakScene, Task> Run)> BrowsersAndApps =>
        [.. Browser(), .. App(), .. Entra()];

    private static string Granted(LeakScene scene, int number = 0)
    {
        var suffix = number == 0 ? "" : $" {number}";

        return RawOrigin.Json(
            200,
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    access_token = scene.Secret("access token" + suffix),
                    refresh_token = scene.Secret("refresh token" + suffix),
                    expired_in = "3600",
                }
            )
        );
    }

    private static HttpClient Client(IServiceProvider services, string placement) =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient(placement);

    private static ServiceProvider VkServices(LeakScene scene)
    {
        var services = scene.Services();
        VkServices(scene, services);

        return services.BuildServiceProvider();
    }

    private static TokenAuthBuilder VkServices(LeakScene scene, IServiceCollection services)
    {
        services.AddHttpClient("bearer").AddBearerToken("vk");
        services.AddHttpClient("query").AddOAuthTokenQuery("vk");
        services.AddHealthChecks().AddTokenAuth();

        return services.AddTokenAuth().AddVkCloud("vk", o => Copy(Vk(scene, scene.Secret), o));
    }

    private static ServiceProvider AzureServices(LeakScene scene)
    {
        var services = scene.Services();
        services.AddHttpClient("bearer").AddBearerToken("speech");
        services.AddHttpClient("key").AddSubscriptionKey("speech");
        services.AddHealthChecks().AddTokenAuth();
        services.AddTokenAuth().AddAzureSpeech("speech", o => Copy(Azure(scene, scene.Secret), o));

        return services.BuildServiceProvider();
    }

    private static VkCloudOptions Vk(LeakScene scene, Func<string, string> secret) =>
        new()
        {
            ClientId = "mcs1.voice.2",
            ClientSecret = secret("client secret"),
            RefreshToken = secret("configured refresh token"),
            TokenEndpoint = scene.Tokens.Address,
        };

    private static AzureSpeechOptions Azure(LeakScene scene, Func<string, string> secret) =>
        new()
        {
            SubscriptionKey = secret("first key"),
            SecondaryKey = secret("second key"),
            TokenEndpoint = scene.Tokens.Address,
        };

    private static void Copy(VkCloudOptions from, VkCloudOptions to) =>
        (to.ClientId, to.ClientSecret, to.RefreshToken, to.TokenEndpoint) = (
            from.ClientId,
            from.ClientSecret,
            from.RefreshToken,
            from.TokenEndpoint
        );

    private static void Copy(AzureSpeechOptions from, AzureSpeechOptions to) =>
        (to.SubscriptionKey, to.SecondaryKey, to.TokenEndpoint) = (
            from.SubscriptionKey,
            from.SecondaryKey,
            from.TokenEndpoint
        );
}
