using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>A way in which an application may put a client together.</summary>
/// <param name="TrustsTestCertificates">Whether its primary handler was configured here.</param>
/// <param name="Create">From what is placed, the provider, and whether it retries; the container, if any, is the caller's to dispose.</param>
internal sealed record RedirectArrangement(
    string Name,
    bool TrustsTestCertificates,
    Func<string, ITokenProvider, bool, (HttpClient Client, IDisposable? Container)> Create
)
{
    public static IReadOnlyList<RedirectArrangement> All { get; } =
    [
        Container("default primary", trusts: false, (client, place) => place(client)),
        Container(
            "sockets before",
            trusts: true,
            (client, place) => place(client.ConfigurePrimaryHttpMessageHandler(Sockets))
        ),
        Container(
            "sockets after",
            trusts: true,
            (client, place) => place(client).ConfigurePrimaryHttpMessageHandler(Sockets)
        ),
        Container(
            "classic before",
            trusts: true,
            (client, place) => place(client.ConfigurePrimaryHttpMessageHandler(Classic))
        ),
        Container(
            "classic after",
            trusts: true,
            (client, place) => place(client).ConfigurePrimaryHttpMessageHandler(Classic)
        ),
        Container(
            "wrapper before",
            trusts: true,
            (client, place) => place(client.ConfigurePrimaryHttpMessageHandler(() => new ApplicationHandler(Sockets())))
        ),
        Container(
            "wrapper after",
            trusts: true,
            (client, place) =>
                place(client)
                    .ConfigurePrimaryHttpMessageHandler(() => new ApplicationHandler(new ApplicationHandler(Classic())))
        ),
        Container(
            "redirects switched on after",
            trusts: true,
            (client, place) =>
                place(client.ConfigurePrimaryHttpMessageHandler(Sockets))
                    .ConfigurePrimaryHttpMessageHandler(
                        (primary, _) => ((SocketsHttpHandler)primary).AllowAutoRedirect = true
                    )
        ),
        Container(
            "additional handlers cleared",
            trusts: true,
            (client, place) =>
                place(client.ConfigurePrimaryHttpMessageHandler(Sockets))
                    .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
        ),
        Container(
            "primary for every client",
            trusts: true,
            (client, place) =>
            {
                client.Services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(Sockets));
                return place(client);
            }
        ),
        Plain("new over sockets", Sockets),
        Plain("new over classic", Classic),
        Plain("new over a wrapper", () => new ApplicationHandler(new ApplicationHandler(Sockets()))),
    ];

    public static TokenHandler Handler(string kind, ITokenProvider provider, HttpMessageHandler inner)
    {
        TokenHandler handler = kind switch
        {
            "Bearer" => new BearerTokenHandler(provider),
            "Key" => new SubscriptionKeyHandler(provider),
            _ => new OAuthTokenQueryHandler(provider),
        };
        handler.InnerHandler = inner;
        return handler;
    }

    private static RedirectArrangement Plain(string name, Func<HttpMessageHandler> primary) =>
        new(
            name,
            TrustsTestCertificates: true,
            (kind, provider, retries) =>
            {
                HttpMessageHandler handler = Handler(kind, provider, primary());
                return (new HttpClient(retries ? new RetryingHandler { InnerHandler = handler } : handler), null);
            }
        );

    private static RedirectArrangement Container(
        string name,
        bool trusts,
        Func<IHttpClientBuilder, Func<IHttpClientBuilder, IHttpClientBuilder>, IHttpClientBuilder> configure
    ) =>
        new(
            name,
            trusts,
            (kind, provider, retries) =>
            {
                var services = new ServiceCollection();
                services.AddTokenAuth().AddProvider("mine", _ => provider);
                var client = services.AddHttpClient("api");
                client = configure(client, c => Place(c, kind));

                // Where the additional handlers are cleared, a retry comes after that.
                if (retries)
                    client.AddHttpMessageHandler(() => new RetryingHandler());

                var container = services.BuildServiceProvider();
                return (container.GetRequiredService<IHttpClientFactory>().CreateClient("api"), container);
            }
        );

    private static IHttpClientBuilder Place(IHttpClientBuilder client, string kind) =>
        kind switch
        {
            "Bearer" => client.AddBearerToken("mine"),
            "Key" => client.AddSubscriptionKey("mine"),
            _ => client.AddOAuthTokenQuery("mine"),
        };

#pragma warning disable CA5359, MA0039 // the certificate of a test
    private static SocketsHttpHandler Sockets() =>
        new()
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
        };

    private static HttpClientHandler Classic() =>
        new() { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359, MA0039
}
