using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenAuth.Testing;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.DependencyInjection;

[Trait("Failure", "48")]
public sealed class TokenClientTests : IDisposable
{
    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromSeconds(10) };
    private readonly ScriptedEndpoint _endpoint;
    private readonly RecordedLogs _logs = new();

    public TokenClientTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.ServiceUnavailable));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _endpoint.Dispose();

    [Theory]
    [InlineData("defaults, ours")]
    [InlineData("ours, defaults")]
    public async Task What_applies_to_every_client_does_not_apply_to_the_token_client(string order)
    {
        var others = new List<string>();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ILoggerFactory>(_logs);
        foreach (var step in order.Split([", "], StringSplitOptions.None))
            if (step == "ours")
                AddOurs(services);
            else
                AddDefaults(services, others);
        await using var provider = services.BuildServiceProvider();

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(() => GetAsync(provider));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        Assert.Equal(3, _endpoint.Requests.Count);
        Assert.All(_endpoint.Requests, request => Assert.DoesNotContain("X-Default", request.Headers.Keys));
        Assert.Empty(others);
        Assert.DoesNotContain(_logs.Lines, line => line.Contains("HTTP", StringComparison.OrdinalIgnoreCase));

        await provider
            .GetRequiredService<IHttpClientFactory>()
            .CreateClient("other")
            .GetAsync("https://a.example/", Cancel);
        Assert.Equal(["filter", "retry", "primary"], others); // it does to every other one
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConfigureTokenClient_gives_the_primary_handler_in_any_order(bool isFirst)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        var builder = services.AddTokenAuth();
        if (isFirst)
            builder.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));
        builder.AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "secret"));
        if (!isFirst)
            services
                .AddTokenAuth()
                .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));
        await using var provider = services.BuildServiceProvider();

        await Assert.ThrowsAsync<TokenAcquisitionException>(() => GetAsync(provider));

        Assert.Equal(3, _endpoint.Requests.Count);
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("client handler")]
    [InlineData("wrapped")]
    [InlineData("default")]
    public void The_primary_handler_follows_no_redirects(string kind)
    {
        using var provider = Build(http =>
        {
            if (kind != "default")
                http.ConfigurePrimaryHttpMessageHandler(() =>
                    kind switch
                    {
                        "sockets" => new SocketsHttpHandler(),
                        "wrapped" => new ApplicationHandler(new ApplicationHandler(new HttpClientHandler())),
                        _ => new HttpClientHandler(),
                    }
                );
        });

        Assert.False(PrimaryHandler.FollowsRedirects(Primary(provider)));
    }

    [Theory]
    [Trait("Failure", "62")]
    [InlineData("client handler")]
    [InlineData("wrapped")]
    [InlineData("sockets")]
    public void A_proxy_that_the_application_gives_the_client_carries_nothing_for_this_machine(string kind)
    {
        var proxy = new WebProxy("http://proxy.example:3128");
        using var provider = Build(http =>
            http.ConfigurePrimaryHttpMessageHandler(() =>
                kind switch
                {
                    "sockets" => new SocketsHttpHandler { Proxy = proxy },
                    "wrapped" => new ApplicationHandler(new HttpClientHandler { Proxy = proxy }),
                    _ => new HttpClientHandler { Proxy = proxy },
                }
            )
        );

        var primary = Primary(provider);

        Assert.Null(PrimaryProxy.For(primary, new Uri("http://127.0.0.1:5000/")));
        Assert.Null(PrimaryProxy.For(primary, new Uri("http://localhost:5000/")));
        Assert.Equal(proxy.Address, PrimaryProxy.For(primary, new Uri("https://mcs.mail.ru/")));
    }

    [Theory]
    [Trait("Failure", "45")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_connection_lives_two_minutes_at_most(bool hasOwnHandler)
    {
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.SetHandlerLifetime(Timeout.InfiniteTimeSpan));
        services
            .AddTokenAuth()
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "secret"))
            .ConfigureTokenClient(http =>
            {
                if (hasOwnHandler)
                    http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());
            });
        services.ConfigureHttpClientDefaults(http => http.SetHandlerLifetime(Timeout.InfiniteTimeSpan));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(TokenClient.Name);

        Assert.Equal(TimeSpan.FromMinutes(2), options.HandlerLifetime);
#if !NETSTANDARD_ASSEMBLY
        if (!hasOwnHandler)
            Assert.Equal(
                TimeSpan.FromMinutes(2),
                Assert.IsType<SocketsHttpHandler>(Primary(provider)).PooledConnectionLifetime
            );
#endif
    }

    [Fact]
    [Trait("Failure", "45")]
    public async Task Each_exchange_goes_through_the_factory_s_current_handler()
    {
        var rotating = new RotatingHandlers(_time);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddTokenAuth().AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "secret"));
        services.AddSingleton<IHttpMessageHandlerFactory>(rotating);
        await using var provider = services.BuildServiceProvider();

        await GetAsync(provider);
        _time.Advance(TimeSpan.FromHours(1));
        await GetAsync(provider);

        Assert.Equal([1, 1], rotating.Endpoints.Select(endpoint => endpoint.Requests.Count));
        rotating.Dispose();
    }

    [Fact]
    [Trait("Failure", "45")]
    public void Without_a_container_it_is_the_same()
    {
        using var primary = TokenHttpClient.CreatePrimaryHandler();

        Assert.False(PrimaryHandler.FollowsRedirects(primary));
#if !NETSTANDARD_ASSEMBLY
        Assert.Equal(TimeSpan.FromMinutes(2), Assert.IsType<SocketsHttpHandler>(primary).PooledConnectionLifetime);
#else
        using var client = TokenHttpClient.Create();
        Assert.True(client.DefaultRequestHeaders.ConnectionClose); // no way to bound a connection's life
#endif
    }

    private static HttpMessageHandler Primary(IServiceProvider provider)
    {
        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(TokenClient.Name);

        return PrimaryHandler.Of(handler)!;
    }

    private static ServiceProvider Build(Action<IHttpClientBuilder> configure)
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "secret"))
            .ConfigureTokenClient(configure);

        return services.BuildServiceProvider();
    }

    private void AddOurs(IServiceCollection services) =>
        services
            .AddTokenAuth()
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "secret"))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));

    private static void AddDefaults(IServiceCollection services, List<string> seen)
    {
        services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Filter(seen));
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddHttpMessageHandler(() => Retry(seen));
            http.ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Add(new ApplicationHandler()));
            http.ConfigurePrimaryHttpMessageHandler(() => OtherPrimary(seen));
            http.AddDefaultLogger();
            http.ConfigureHttpClient(client => client.DefaultRequestHeaders.Add("X-Default", "1"));
        });
    }

    private static ApplicationHandler Retry(List<string> seen, string name = "retry") =>
        new()
        {
            Forward = async (request, forward) =>
            {
                seen.Add(name);
                var response = await forward(request);

                return response.IsSuccessStatusCode ? response : await forward(request);
            },
        };

    private static OpaqueHandler OtherPrimary(List<string> seen) =>
        new(_ =>
        {
            seen.Add("primary");

            return new();
        });

    private Task<AccessToken> GetAsync(IServiceProvider provider) =>
        _time.AdvanceUntilAsync(
            provider.GetRequiredKeyedService<ITokenProvider>("vk").GetTokenAsync(Cancel).AsTask(),
            TimeSpan.FromMilliseconds(100),
            200
        );

    /// <summary>A new handler each time, as after the lifetime of the one before.</summary>
    private sealed class RotatingHandlers(ManualTimeProvider time) : IHttpMessageHandlerFactory, IDisposable
    {
        public List<ScriptedEndpoint> Endpoints { get; } = [];

        public HttpMessageHandler CreateHandler(string name)
        {
            var endpoint = new ScriptedEndpoint(time);
            endpoint.Answers(() =>
                ScriptedEndpoint.Json("""{"refresh_token":"refresh","access_token":"access","expired_in":"3600"}""")
            );
            Endpoints.Add(endpoint);

            return endpoint.Handler;
        }

        public void Dispose() => Endpoints.ForEach(endpoint => endpoint.Dispose());
    }

    private sealed class Filter(List<string> seen) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
            builder =>
            {
                next(builder);
                builder.AdditionalHandlers.Insert(0, Retry(seen, "filter"));
            };
    }
}
