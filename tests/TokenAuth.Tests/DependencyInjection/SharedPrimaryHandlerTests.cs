using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth.Tests.DependencyInjection;

[Trait("Failure", "89")]
public sealed class SharedPrimaryHandlerTests : IDisposable
{
    private const string Remedy =
        "Let the function that is given to ConfigurePrimaryHttpMessageHandler make a new one, and set AllowAutoRedirect = false where it is "
        + "made.";

    private readonly RecordedLogs _logs = new();
    private readonly List<HttpMessageHandler> _handlers = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _handlers.ForEach(handler => handler.Dispose());

    [Theory]
    [InlineData("sockets")]
    [InlineData("client handler")]
    [InlineData("wrapped")]
    public async Task A_handler_that_was_used_before_is_refused_with_the_remedy(string kind)
    {
        var primary = await UsedAsync(kind);
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "s-1"))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => primary));
        await using var provider = services.BuildServiceProvider();

        var error = await Assert.ThrowsAnyAsync<Exception>(async () =>
            await provider.GetRequiredKeyedService<ITokenProvider>("vk").GetTokenAsync(Cancel)
        );

        var type = kind == "client handler" ? "HttpClientHandler" : "SocketsHttpHandler";
        Assert.Contains(
            $"The {type} of ConfigureTokenClient has sent requests already, so that it cannot be set up any more, and it follows redirects, which "
                + $"could take a secret to another host. {Remedy}",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_used_handler_that_follows_none_is_refused_by_the_platform_and_the_remedy_is_named()
    {
        var primary = await UsedAsync("sockets", followsRedirects: false);
        var services = Services();
        services.AddHttpClient("api").AddBearerToken("mine").ConfigurePrimaryHttpMessageHandler(() => primary);
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(() =>
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("api")
        );

        Assert.Equal(
            "The SocketsHttpHandler of AddBearerToken(\"mine\") of HttpClient 'api' has sent requests already, so that it cannot be set up any "
                + $"more. {Remedy}",
            error.Message
        );
    }

    [Fact]
    public async Task A_used_handler_that_follows_none_is_taken_behind_another_handler()
    {
        var primary = await UsedAsync("wrapped", followsRedirects: false);
        var services = Services();
        services.AddTokenAuth().ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => primary));
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(TokenClient.Name));
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("client handler")]
    [InlineData("opaque")]
    public void An_error_of_the_applications_own_is_not_taken_for_a_used_handler(string kind)
    {
        var primary = Kept(
            kind switch
            {
                "sockets" => new SocketsHttpHandler(),
                "client handler" => new HttpClientHandler(),
                _ => new OpaqueHandler(_ => new()),
            }
        );
        var services = Services();
        services
            .AddHttpClient("api")
            .AddBearerToken("mine")
            .ConfigurePrimaryHttpMessageHandler(() => primary)
            .AddHttpMessageHandler(() => throw new InvalidOperationException("The certificate is missing."));
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(() =>
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("api")
        );

        Assert.Equal("The certificate is missing.", error.Message);
    }

    [Theory]
    [InlineData("api", "other")]
    [InlineData("other", "api")]
    public void Another_client_that_loses_its_redirects_is_named_whichever_is_made_first(string first, string second)
    {
        var primary = Kept(new SocketsHttpHandler());
        var services = Services();
        services.AddHttpClient("api").AddBearerToken("mine").ConfigurePrimaryHttpMessageHandler(() => primary);
        services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => primary);
        using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();

        clients.CreateClient(first);
        clients.CreateClient(second);

        Assert.Equal([Warning("other", "AddBearerToken(\"mine\") of HttpClient 'api'")], _logs.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_client_of_the_token_endpoints_is_one_of_them(bool isTokenClientFirst)
    {
        var primary = Kept(new SocketsHttpHandler());
        var services = Services();
        services.AddTokenAuth().ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => primary));
        services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => primary);
        using var provider = services.BuildServiceProvider();
        var handlers = provider.GetRequiredService<IHttpMessageHandlerFactory>();

        foreach (var name in isTokenClientFirst ? new[] { TokenClient.Name, "other" } : ["other", TokenClient.Name])
            handlers.CreateHandler(name);

        Assert.Equal([Warning("other", "ConfigureTokenClient")], _logs.Warnings);
    }

    [Fact]
    public void Every_other_client_is_named_once()
    {
        var primary = Kept(new SocketsHttpHandler());
        var services = Services();
        services.AddHttpClient("api").AddBearerToken("mine").ConfigurePrimaryHttpMessageHandler(() => primary);
        services.AddHttpClient("api-2").AddBearerToken("mine").ConfigurePrimaryHttpMessageHandler(() => primary);
        services.AddHttpClient("one").ConfigurePrimaryHttpMessageHandler(() => primary);
        services.AddHttpClient("two").ConfigurePrimaryHttpMessageHandler(() => primary);
        using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();

        foreach (var name in new[] { "one", "api", "api-2", "two", "one", "two" })
            clients.CreateClient(name);

        var by = "AddBearerToken(\"mine\") of HttpClient 'api'";
        Assert.Equal([Warning("one", by), Warning("two", by)], _logs.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_loses_nothing_is_not_named(bool isShared)
    {
        var shared = Kept(new SocketsHttpHandler { AllowAutoRedirect = false });
        var services = Services();
        services
            .AddHttpClient("api")
            .AddBearerToken("mine")
            .ConfigurePrimaryHttpMessageHandler(() => isShared ? shared : Kept(new SocketsHttpHandler()));
        services
            .AddHttpClient("other")
            .ConfigurePrimaryHttpMessageHandler(() => isShared ? shared : Kept(new SocketsHttpHandler()));
        using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();

        clients.CreateClient("api");
        clients.CreateClient("other");

        Assert.Empty(_logs.Warnings);
    }

    private static string Warning(string client, string by) =>
        $"Warning 52: HttpClient '{client}' follows no redirects any more: it shares its SocketsHttpHandler with {by}, which turned them off. "
        + $"Give '{client}' a primary handler of its own.";

    private ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_logs);
        services
            .AddTokenAuth()
            .AddStaticToken("mine", "t-1")
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "s-1"));

        return services;
    }

    private HttpMessageHandler Kept(HttpMessageHandler handler)
    {
        _handlers.Add(handler);

        return handler;
    }

    // Sending to nobody is enough.
    private async Task<HttpMessageHandler> UsedAsync(string kind, bool followsRedirects = true)
    {
        var primary = Kept(
            kind switch
            {
                "client handler" => new HttpClientHandler { AllowAutoRedirect = followsRedirects },
                "wrapped" => new ApplicationHandler(new SocketsHttpHandler { AllowAutoRedirect = followsRedirects }),
                _ => new SocketsHttpHandler { AllowAutoRedirect = followsRedirects },
            }
        );
        using var client = new HttpClient(primary, disposeHandler: false);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://127.0.0.1:1/"), Cancel));

        return primary;
    }
}
