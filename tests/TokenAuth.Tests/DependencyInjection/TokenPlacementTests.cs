using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenAuth.Tests.Handlers;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class TokenPlacementTests
{
    private static readonly Uri Service = new("http://localhost/");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("AddBearerToken", "http://localhost/ Authorization: Bearer secret")]
    [InlineData("AddSubscriptionKey", "http://localhost/ Ocp-Apim-Subscription-Key: secret")]
    [InlineData("AddOAuthTokenQuery", "http://localhost/?oauth_provider=mcs&oauth_token=secret")]
    public async Task Each_method_places_the_credential_of_the_named_provider(string method, string received)
    {
        var primary = new StubPrimaryHandler(200);
        var services = Services();
        Add(services.AddHttpClient("api"), method, "Mine").ConfigurePrimaryHttpMessageHandler(() => primary);
        using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetAsync(Service, Cancellation);

        Assert.Equal([received], primary.Received);
    }

    [Fact]
    public async Task Typed_and_keyed_clients_carry_their_credential()
    {
        var primary = new StubPrimaryHandler(200);
        var services = Services();
        services.AddHttpClient<Voice>().AddBearerToken("mine").ConfigurePrimaryHttpMessageHandler(() => primary);
        services
            .AddHttpClient("keyed")
            .AddBearerToken("mine")
            .AddAsKeyed()
            .ConfigurePrimaryHttpMessageHandler(() => primary);
        services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => primary);
        using var provider = services.BuildServiceProvider();
        using var scope = provider.CreateScope();

        await scope.ServiceProvider.GetRequiredService<Voice>().Client.GetAsync(Service, Cancellation);
        await scope.ServiceProvider.GetRequiredKeyedService<HttpClient>("keyed").GetAsync(Service, Cancellation);
        await scope
            .ServiceProvider.GetRequiredService<IHttpClientFactory>()
            .CreateClient("other")
            .GetAsync(Service, Cancellation);

        Assert.Equal(
            [
                "http://localhost/ Authorization: Bearer secret",
                "http://localhost/ Authorization: Bearer secret",
                "http://localhost/",
            ],
            primary.Received
        );
    }

    [Theory]
    [InlineData("primary before")]
    [InlineData("primary after")]
    [InlineData("primary for every client")]
    [InlineData("additional handlers cleared")]
    [InlineData("another filter replaces the primary handler")]
    [InlineData("handler builder action")]
    [InlineData("called twice")]
    public async Task No_order_of_registration_loses_the_credential(string order)
    {
        var primary = new StubPrimaryHandler(200);
        var services = Services();
        if (order == "another filter replaces the primary handler")
            services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new ReplacingFilter(primary));
        if (order == "primary for every client")
            services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => primary));
        var client = services.AddHttpClient("api");
        if (order == "primary before")
            client.ConfigurePrimaryHttpMessageHandler(() => primary);
        client.AddBearerToken("mine");
        if (order == "called twice")
            client.AddBearerToken("MINE");
        if (order is "primary after" or "called twice" or "additional handlers cleared")
            client.ConfigurePrimaryHttpMessageHandler(() => primary);
        if (order == "additional handlers cleared")
            client.ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear());
        if (order == "handler builder action")
            services.Configure<HttpClientFactoryOptions>(
                "api",
                options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = primary)
            );
        using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetAsync(Service, Cancellation);

        Assert.Equal(["http://localhost/ Authorization: Bearer secret"], primary.Received);
    }

    [Theory]
    [Trait("Failure", "26")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_with_a_credential_follows_no_redirects_and_says_so(bool usesSockets)
    {
        var logs = new RecordedLogs();
        HttpMessageHandler? primary = null;
        var services = Services();
        services.AddLogging(logging => logging.AddProvider(logs));
        services
            .AddHttpClient("api")
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddBearerToken("mine")
            .ConfigurePrimaryHttpMessageHandler(() =>
                primary = usesSockets ? new SocketsHttpHandler() : new HttpClientHandler()
            );
        using var provider = services.BuildServiceProvider();

        var builders = provider.GetRequiredService<IHttpMessageHandlerFactory>();
        builders.CreateHandler("api");

        Assert.False(
            (primary as SocketsHttpHandler)?.AllowAutoRedirect ?? ((HttpClientHandler)primary!).AllowAutoRedirect
        );
        Assert.Equal(
            [
                $"Information 40: AddBearerToken(\"mine\") of HttpClient 'api' turned automatic redirects of its {primary!.GetType().Name} off: "
                    + "they could take the credential to another host.",
            ],
            logs.Lines
        );
    }

    [Fact]
    public void What_is_said_of_a_primary_handler_is_said_once_a_client()
    {
        // The factory makes a new handler every two minutes.
        var logs = new RecordedLogs();
        var services = Services();
        services.AddLogging(logging => logging.AddProvider(logs));
        services.AddHttpClient("api").AddBearerToken("mine");
        using var provider = services.BuildServiceProvider();
        var filter = provider.GetServices<IHttpMessageHandlerBuilderFilter>().OfType<TokenPlacementFilter>().Single();
        var handlers = new[] { new SocketsHttpHandler(), new SocketsHttpHandler() };

        foreach (var handler in handlers)
            filter.Configure(_ => { })(new HandlerBuilder { Name = "api", PrimaryHandler = handler });

        Assert.All(handlers, handler => Assert.False(handler.AllowAutoRedirect));
        Assert.Single(logs.Lines);
    }

    [Fact]
    public void An_opaque_primary_handler_is_warned_of_when_the_client_is_made()
    {
        var logs = new RecordedLogs();
        var services = Services();
        services.AddLogging(logging => logging.AddProvider(logs));
        services
            .AddHttpClient("api")
            .AddBearerToken("mine")
            .ConfigurePrimaryHttpMessageHandler(() => new OpaqueHandler(_ => new()));
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        Assert.StartsWith(
            "Warning 41: AddBearerToken(\"mine\") of HttpClient 'api' cannot see whether its OpaqueHandler follows redirects",
            Assert.Single(logs.Lines),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_denied_host_is_told_with_the_call_that_registered_the_handler()
    {
        var services = Services();
        services.AddHttpClient("api").AddBearerToken("mine", o => o.AllowedHosts.Add("api.example.com"));
        using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.GetAsync(new Uri("https://evil.example/"), Cancellation)
        );

        Assert.Equal(
            "AddBearerToken(\"mine\") of HttpClient 'api' sends no credential to 'https://evil.example': the credential is for "
                + "api.example.com and loopback. If that service may receive it, add \"evil.example\" to AllowedHosts in the options of "
                + "AddBearerToken(\"mine\") of HttpClient 'api'.",
            error.Message
        );
    }

    [Fact]
    public void Two_providers_of_one_placement_on_one_client_stop_the_start()
    {
        var services = Services();
        services.AddHttpClient("api").AddBearerToken("mine").AddBearerToken("yours");

        Assert.Equal(
            [
                "HttpClient 'api' has AddBearerToken(\"mine\") and AddBearerToken(\"yours\"); a request carries one of them. "
                    + "Keep one, or use a client for each.",
            ],
            StartFaults(services)
        );
    }

    [Fact]
    [Trait("Failure", "49")]
    public void An_unknown_provider_stops_the_start()
    {
        var services = Services();
        services.AddHttpClient("api").AddOAuthTokenQuery("theirs");

        Assert.Equal(
            [
                "AddOAuthTokenQuery(\"theirs\") of HttpClient 'api': No token provider is named 'theirs'; the registered ones are 'mine', 'yours'.",
            ],
            StartFaults(services)
        );
    }

    [Fact]
    public void A_wrong_host_stops_the_start()
    {
        var services = Services();
        services.AddHttpClient("api").AddSubscriptionKey("mine", o => o.AllowedHosts.Add("https://api.example.com"));

        Assert.Equal(
            [
                "AddSubscriptionKey(\"mine\") of HttpClient 'api': 'https://api.example.com' in AllowedHosts is not a host. "
                    + "Write 'api.example.com' or '.example.com' for port 443, or 'api.example.com:8443', without scheme, path or wildcard.",
            ],
            StartFaults(services)
        );
    }

    [Fact]
    public void Without_a_host_the_first_client_stops_instead()
    {
        var services = Services();
        services.AddHttpClient("api").AddBearerToken("theirs");
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("api")
        );

        Assert.Contains("No token provider is named 'theirs'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_credential_for_every_client_is_an_error()
    {
        var services = Services();

        var error = Assert.Throws<InvalidOperationException>(() =>
            services.ConfigureHttpClientDefaults(http => http.AddBearerToken("mine"))
        );

        Assert.Equal(
            "AddBearerToken(\"mine\") is called for all clients, inside ConfigureHttpClientDefaults; a credential belongs to the services of "
                + "one provider. Call it on the clients of those services: services.AddHttpClient(\"…\").AddBearerToken(\"mine\").",
            error.Message
        );
    }

    [Fact]
    public void The_client_of_the_token_endpoints_carries_no_credential()
    {
        var builder = Services().AddTokenAuth();

        var error = Assert.Throws<InvalidOperationException>(() =>
            builder.ConfigureTokenClient(http => http.AddBearerToken("mine"))
        );

        Assert.Equal(
            "AddBearerToken(\"mine\") is called on the client of the token endpoints, which obtains the credentials. Call it on the clients "
                + "of the services.",
            error.Message
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void A_provider_needs_a_name(string? name)
    {
        var client = Services().AddHttpClient("api");

        var error = Assert.Throws<ArgumentException>("providerName", () => client.AddBearerToken(name!));

        Assert.StartsWith(
            "AddBearerToken needs the name of a token provider, for example 'voice'.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_client_without_any_provider_stops_the_start_and_says_how_to_register_one()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddBearerToken("mine");

        Assert.Equal(
            [
                "AddBearerToken(\"mine\") of HttpClient 'api': No token provider is named 'mine'; none is registered: call "
                    + "AddTokenAuth().AddVkCloud, AddAzureSpeech, AddStaticToken, AddTokenSource or AddProvider.",
            ],
            StartFaults(services)
        );
    }

    [Fact]
    public void Many_clients_are_wrapped_once_each()
    {
        var services = Services();
        services.AddHttpClient("api").AddBearerToken("mine");
        services.AddHttpClient("other").AddBearerToken("yours");

        Assert.Single(services, service => service.ImplementationType == typeof(TokenPlacementFilter));
    }

    [Fact]
    public async Task Two_methods_on_one_client_are_an_error()
    {
        var primary = new StubPrimaryHandler(200);
        var services = Services();
        services
            .AddHttpClient("api")
            .AddBearerToken("mine")
            .AddOAuthTokenQuery("yours")
            .ConfigurePrimaryHttpMessageHandler(() => primary);
        using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetAsync(Service, Cancellation));

        Assert.Empty(primary.Received);
    }

    private static ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddProvider("mine", _ => new FakeTokenProvider("secret"))
            .AddProvider("yours", _ => new FakeTokenProvider("other"));
        return services;
    }

    private static IHttpClientBuilder Add(IHttpClientBuilder client, string method, string provider) =>
        method switch
        {
            "AddBearerToken" => client.AddBearerToken(provider),
            "AddSubscriptionKey" => client.AddSubscriptionKey(provider),
            _ => client.AddOAuthTokenQuery(provider),
        };

    private static IEnumerable<string> StartFaults(ServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        return Assert
            .Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate())
            .Failures;
    }

    private sealed class Voice(HttpClient client)
    {
        public HttpClient Client => client;
    }

    private sealed class HandlerBuilder : HttpMessageHandlerBuilder
    {
        public override string? Name { get; set; }

        public override HttpMessageHandler PrimaryHandler { get; set; } = null!;

        public override IList<DelegatingHandler> AdditionalHandlers { get; } = [];

        public override HttpMessageHandler Build() => PrimaryHandler;
    }

    private sealed class ReplacingFilter(HttpMessageHandler primary) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
            builder =>
            {
                next(builder);
                if (builder.Name == "api")
                    builder.PrimaryHandler = primary;
            };
    }
}
