using System.Net;

namespace TokenAuth;

/// <summary>The proxy that a primary handler would use.</summary>
internal static class PrimaryProxy
{
    private static IWebProxy? System =>
#if NET
        HttpClient.DefaultProxy;
#else
        WebRequest.DefaultWebProxy;
#endif

    /// <summary>True when the handler shows which proxy it uses.</summary>
    public static bool IsVisible(HttpMessageHandler primary) =>
#if NET
        primary is HttpClientHandler { SupportsProxy: true } or SocketsHttpHandler;
#else
        primary is HttpClientHandler { SupportsProxy: true } || SocketsHandler.Is(primary);
#endif

    /// <summary>The proxy of a visible handler for this address; null when it would connect directly.</summary>
    public static Uri? For(HttpMessageHandler primary, Uri address)
    {
        var (isUsed, own) = primary switch
        {
            HttpClientHandler handler => (handler.UseProxy, handler.Proxy),
#if NET
            SocketsHttpHandler handler => (handler.UseProxy, handler.Proxy),
#else
            _ when SocketsHandler.Is(primary) => (
                SocketsHandler.Get(primary, "UseProxy") is true,
                (IWebProxy?)SocketsHandler.Get(primary, "Proxy")
            ),
#endif
            _ => (false, null),
        };

        return
            isUsed
            && (own ?? System) is { } proxy
            && !proxy.IsBypassed(address)
            && proxy.GetProxy(address) is { } uri
            && uri != address
            ? uri
            : null;
    }

    /// <summary>Lets a visible handler connect to this machine directly, whatever proxy it has.</summary>
    /// <exception cref="InvalidOperationException">It has sent requests already.</exception>
    public static void LeaveLoopbackOut(HttpMessageHandler primary)
    {
        switch (primary)
        {
            case HttpClientHandler { SupportsProxy: true, UseProxy: true } handler
                when LoopbackBypass.Around(handler.Proxy ?? System) is { } bypass:
                handler.Proxy = bypass;
                break;
#if NET
            case SocketsHttpHandler { UseProxy: true } handler
                when LoopbackBypass.Around(handler.Proxy ?? System) is { } bypass:
                handler.Proxy = bypass;
                break;
#else
            case var handler
                when SocketsHandler.Get(handler, "UseProxy") is true
                    && LoopbackBypass.Around((IWebProxy?)SocketsHandler.Get(handler, "Proxy") ?? System) is { } bypass:
                SocketsHandler.Set(handler, "Proxy", bypass);
                break;
#endif
        }
    }
}
