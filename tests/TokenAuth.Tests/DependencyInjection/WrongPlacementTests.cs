using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.DependencyInjection;

[Trait("Failure", "61")]
public sealed class WrongPlacementTests
{
    private const string NoKey =
        "VK Cloud takes no subscription key: Voice takes its token as Authorization: Bearer (AddBearerToken, BearerTokenHandler), "
        + "Vision takes it in the query (AddOAuthTokenQuery, OAuthTokenQueryHandler).";
    private const string NoQuery =
        "Azure takes no token in the query: its tokens go as Authorization: Bearer (AddBearerToken, BearerTokenHandler), its key as "
        + "Ocp-Apim-Subscription-Key (AddSubscriptionKey, SubscriptionKeyHandler).";
    private const string TokenAlone =
        "Azure takes a token that an application's endpoint hands out as Authorization: Bearer alone (AddBearerToken, BearerTokenHandler).";

    private readonly RecordedLogs _logs = new();

    [Theory]
    [InlineData("vk", "AddSubscriptionKey", "AddSubscriptionKey(\"vk\") of HttpClient 'api': " + NoKey)]
    [InlineData("VK", "AddSubscriptionKey", "AddSubscriptionKey(\"VK\") of HttpClient 'api': " + NoKey)]
    [InlineData("speech", "AddOAuthTokenQuery", "AddOAuthTokenQuery(\"speech\") of HttpClient 'api': " + NoQuery)]
    [InlineData("app", "AddSubscriptionKey", "AddSubscriptionKey(\"app\") of HttpClient 'api': " + TokenAlone)]
    [InlineData("app", "AddOAuthTokenQuery", "AddOAuthTokenQuery(\"app\") of HttpClient 'api': " + TokenAlone)]
    public void A_place_that_cannot_work_stops_the_start(string provider, string method, string error)
    {
        var services = Services();
        Place(services, "api", method, provider);

        Assert.Equal([error], StartErrors(services));
    }

    [Theory]
    [InlineData("vk", "AddBearerToken")]
    [InlineData("vk", "AddOAuthTokenQuery")]
    [InlineData("speech", "AddBearerToken")]
    [InlineData("speech", "AddSubscriptionKey")]
    [InlineData("app", "AddBearerToken")]
    [InlineData("fixed", "AddSubscriptionKey")]
    [InlineData("fixed", "AddOAuthTokenQuery")]
    [InlineData("own", "AddSubscriptionKey")]
    public void A_place_that_may_work_starts_without_a_warning(string provider, string method)
    {
        var services = Services();
        Place(services, "api", method, provider);

        Start(services);

        Assert.Empty(_logs.Warnings);
    }

    [Theory]
    [InlineData(
        "mcs1.ml.vision.abc",
        "AddBearerToken",
        "Warning 50: Token provider 'vk' has a client id of VK Cloud Vision, which takes its token in the query, and no HTTP client places it "
            + "there; call AddOAuthTokenQuery(\"vk\") on the client of Vision."
    )]
    [InlineData(
        "mcs1.voice.abc",
        "AddOAuthTokenQuery",
        "Warning 50: Token provider 'vk' has a client id of VK Cloud Voice, which takes its token as Authorization: Bearer, and no HTTP "
            + "client places it there; call AddBearerToken(\"vk\") on the client of Voice."
    )]
    public void A_place_that_is_unlikely_is_warned_of_once(string clientId, string method, string warning)
    {
        var services = Services(clientId);
        Place(services, "api", method, "vk");
        Place(services, "other", method, "VK");

        Start(services);

        Assert.Equal([warning], _logs.Warnings);
    }

    [Theory]
    [InlineData("mcs1.ml.vision.abc", "AddOAuthTokenQuery")]
    [InlineData("mcs1.voice.abc", "AddBearerToken")]
    public void The_services_own_place_is_not_warned_of_whatever_else_there_is(string clientId, string method)
    {
        var services = Services(clientId);
        Place(services, "api", method, "vk");
        Place(services, "other", "AddBearerToken", "vk");
        Place(services, "third", "AddOAuthTokenQuery", "vk");

        Start(services);

        Assert.Empty(_logs.Warnings);
    }

    [Fact]
    public void With_plain_new_the_handler_refuses()
    {
        using var vk = new VkCloudTokenProvider(new VkCloudOptions { ClientId = "id", ClientSecret = "s-1" });
        using var speech = new AzureSpeechTokenProvider(
            new AzureSpeechOptions { Region = "westeurope", SubscriptionKey = "k-1" }
        );

        var key = Assert.Throws<ArgumentException>("provider", () => new SubscriptionKeyHandler(vk));
        var query = Assert.Throws<ArgumentException>("provider", () => new OAuthTokenQueryHandler(speech));

        Assert.StartsWith(
            "SubscriptionKeyHandler over VkCloudTokenProvider 'VkCloud': " + NoKey,
            key.Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "OAuthTokenQueryHandler over AzureSpeechTokenProvider 'AzureSpeech': " + NoQuery,
            query.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_provider_that_the_application_makes_is_refused_when_its_client_is_made()
    {
        var services = Services();
        services
            .AddTokenAuth()
            .AddProvider(
                "mine",
                _ => new VkCloudTokenProvider(new VkCloudOptions { ClientId = "id", ClientSecret = "s-1" })
            );
        Place(services, "api", "AddSubscriptionKey", "mine");
        using var provider = services.BuildServiceProvider();

        Assert.Throws<ArgumentException>(() => provider.GetRequiredService<IHttpClientFactory>().CreateClient("api"));
    }

    private ServiceCollection Services(string clientId = "id")
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_logs);
        services
            .AddTokenAuth()
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = (clientId, "s-1"))
            .AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("westeurope", "k-1"))
            .AddSpeechTokenEndpoint("app", o => o.Address = new Uri("https://app.example.com/speech-token"))
            .AddStaticToken("fixed", "t-1")
            .AddTokenSource("own", _ => throw new InvalidOperationException("not asked at the start"));

        return services;
    }

    private static void Place(ServiceCollection services, string client, string method, string provider)
    {
        var builder = services.AddHttpClient(client);
        _ = method switch
        {
            "AddBearerToken" => builder.AddBearerToken(provider),
            "AddSubscriptionKey" => builder.AddSubscriptionKey(provider),
            _ => builder.AddOAuthTokenQuery(provider),
        };
    }

    private static void Start(ServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        _ = provider.GetRequiredKeyedService<ITokenProvider>("vk"); // checks again, and says nothing twice
    }

    private static IEnumerable<string> StartErrors(ServiceCollection services) =>
        Assert.Throws<OptionsValidationException>(() => Start(services)).Failures;
}
