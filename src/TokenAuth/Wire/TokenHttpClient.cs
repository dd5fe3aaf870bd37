using System.Net;

namespace TokenAuth;

/// <summary>The HTTP client of a token endpoint when the application brings none.</summary>
internal static class TokenHttpClient
{
    /// <summary>The longest use of a connection after the endpoint's DNS entry has changed.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>A client that follows no redirects; its time-outs are the exchange's.</summary>
#pragma warning disable CA2000 // the client disposes it
    public static HttpClient Create()
    {
        var client = new HttpClient(CreatePrimaryHandler()) { Timeout = Timeout.InfiniteTimeSpan };
#if !NET
        client.DefaultRequestHeaders.ConnectionClose = true; // netstandard2.0 cannot bound a connection's life otherwise
#endif

        return client;
    }
#pragma warning restore CA2000

    /// <summary>A client over a handler that something else owns.</summary>
    public static HttpClient Over(HttpMessageHandler handler) =>
        new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public static HttpMessageHandler CreatePrimaryHandler() =>
#if NET
        CreatePrimaryHandler(AddressRace.BySystem, HttpClient.DefaultProxy);

    public static SocketsHttpHandler CreatePrimaryHandler(AddressRace race, IWebProxy? proxy) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectCallback = race.ConnectAsync,
            Proxy = LoopbackBypass.Around(proxy),
        };
#else
        new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = LoopbackBypass.Around(WebRequest.DefaultWebProxy),
        };
#endif
}
