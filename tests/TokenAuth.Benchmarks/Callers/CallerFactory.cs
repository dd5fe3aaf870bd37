using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Benchmarks;

/// <summary>Makes callers who all send the same request through the same kind of channel to the same kind of service.</summary>
internal sealed class CallerFactory(Channel channel, int tokenLength, bool isLater)
{
    public const string ByHand = "by hand";
    public const string DefaultHeaders = "DefaultRequestHeaders";
    public const string Semaphore = "semaphore";
    public const string Google = "Google.Apis.Auth";
    public const string Azure = "Azure.Core";
    public const string Msal = "MSAL";
    public const string Bearer = "Bearer";
    public const string BearerOverVkCloud = "Bearer over VK Cloud";
    public const string Key = "subscription key";
    public const string Query = "query";

    private const string AuthorizationHeader = "Authorization";
    private const string KeyHeader = "Ocp-Apim-Subscription-Key";

    public static readonly string[] Peers = [Semaphore, Google, Azure, Msal];
    public static readonly string[] Ours = [Bearer, BearerOverVkCloud, Key, Query];

    /// <summary>See <see cref="InvokerCaller.AsksNewAddresses"/>.</summary>
    public bool AsksNewAddresses { get; init; }

    private readonly string _token = new('t', tokenLength);
    private readonly FakeTokenEndpoint _endpoint = new(new string('t', tokenLength));

    public Caller Create(string name)
    {
        var stub = new StubHandler(isLater) { IsTakenApart = name == Azure };

        return name switch
        {
            ByHand => Over(name, stub, stub, (AuthorizationHeader, "Bearer " + _token)),
            DefaultHeaders => OverDefaultHeaders(name, stub, AuthorizationHeader, "Bearer " + _token),
            Semaphore => Over(name, stub, new SemaphoreHandler(_endpoint, TimeProvider.System)),
            Google => Over(name, stub, new TokenTaskHandler(GooglePeer.Create(_endpoint, TimeProvider.System))),
            Msal => Over(name, stub, new TokenTaskHandler(MsalPeer.Create(_endpoint))),
            Azure => OverAzurePipeline(stub),
            _ => channel == Channel.FactoryClient ? OverRegistration(name, stub) : Over(name, stub, Handler(name)),
        };
    }

    private InvokerCaller Over(
        string name,
        StubHandler stub,
        HttpMessageHandler handler,
        (string, string)? byHand = null
    ) =>
        new(name, Invoker(stub, handler), stub)
        {
            ByHand = byHand,
            AsksNewAddresses = AsksNewAddresses,
            Floor = name == Key ? KeyByHand(stub) : null,
        };

    // Another header has another cost.
    private InvokerCaller KeyByHand(StubHandler stub) =>
        channel == Channel.Invoker
            ? Over("key by hand", stub, stub, (KeyHeader, _token))
            : OverDefaultHeaders("key in DefaultRequestHeaders", stub, KeyHeader, _token);

    private InvokerCaller OverDefaultHeaders(string name, StubHandler stub, string header, string value)
    {
        var client = (HttpClient)Invoker(stub, stub);
        client.DefaultRequestHeaders.Add(header, value);

        return new(name, client, stub);
    }

    private AzurePipelineCaller OverAzurePipeline(StubHandler stub) =>
        new(Azure, AzurePeer.Create(stub, _endpoint), stub)
        {
            Floor = new AzurePipelineCaller("Azure.Core by hand", AzurePeer.WithoutCredential(stub), stub)
            {
                Authorization = "Bearer " + _token,
            },
        };

    // As an application registers it: the whole way from the container's provider down.
    private InvokerCaller OverRegistration(string name, StubHandler stub)
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("c", "s"))
            .AddProvider("own", _ => new CachedTokenProvider(new WireTokenSource(_endpoint)))
            .AddAzureSpeech("azure", o => (o.Region, o.SubscriptionKey) = ("westeurope", _token))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint));
        var client = services
            .AddHttpClient("service")
            .RemoveAllLoggers() // they cost more than everything that is compared here
            .ConfigurePrimaryHttpMessageHandler(() => stub);
        _ = name switch
        {
            Bearer => client.AddBearerToken("own", AllowService),
            BearerOverVkCloud => client.AddBearerToken("vk"),
            Key => client.AddSubscriptionKey("azure", AllowService),
            _ => client.AddOAuthTokenQuery("vk"),
        };

        return new(name, Client(services), stub) { Floor = name == Key ? KeyByHand(stub) : null };
    }

    private HttpMessageInvoker Invoker(StubHandler stub, HttpMessageHandler handler)
    {
        var delegating = handler as DelegatingHandler;
        if (channel == Channel.FactoryClient)
            return FactoryClient(stub, delegating);

        delegating?.InnerHandler = stub;

        return channel == Channel.Client ? new HttpClient(handler) : new HttpMessageInvoker(handler);
    }

    private static HttpClient FactoryClient(StubHandler stub, DelegatingHandler? handler)
    {
        var services = new ServiceCollection();
        var client = services
            .AddHttpClient("service")
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => stub);
        if (handler is not null)
            client.AddHttpMessageHandler(() => handler);

        return Client(services);
    }

    private static HttpClient Client(ServiceCollection services) =>
        services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("service");

    private TokenHandler Handler(string name) =>
        name switch
        {
            Bearer => new BearerTokenHandler(new CachedTokenProvider(new WireTokenSource(_endpoint)), Service()),
            BearerOverVkCloud => new BearerTokenHandler(VkCloud()),
            Key => new SubscriptionKeyHandler(new SubscriptionKeyProvider(_token), Service()),
            Query => new OAuthTokenQueryHandler(VkCloud()),
            _ => throw new ArgumentException($"Nobody is called '{name}'.", nameof(name)),
        };

    private VkCloudTokenProvider VkCloud() =>
        new(new VkCloudOptions { ClientId = "c", ClientSecret = "s" }, new HttpClient(_endpoint));

    private static TokenHandlerOptions Service()
    {
        var options = new TokenHandlerOptions();
        AllowService(options);

        return options;
    }

    private static void AllowService(TokenHandlerOptions options) => options.AllowedHosts.Add(StubHandler.Address.Host);
}
