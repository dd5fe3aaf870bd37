namespace TokenAuth;

/// <summary>
/// The handler at the end of a chain, that talks to the network. It is not to follow redirects: <see cref="HttpClient"/> would take a
/// subscription key along to another host.
/// </summary>
internal static class PrimaryHandler
{
    /// <summary>The end of the chain that begins with this handler; null when it has none.</summary>
    public static HttpMessageHandler? Of(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler { InnerHandler: var inner })
            handler = inner;

        return handler;
    }

    /// <summary>True when the handler follows redirects; null when that cannot be seen.</summary>
    public static bool? FollowsRedirects(HttpMessageHandler primary) =>
        primary switch
        {
            HttpClientHandler { SupportsRedirectConfiguration: true } handler => handler.AllowAutoRedirect,
#if NET
            SocketsHttpHandler handler => handler.AllowAutoRedirect,
#else
            _ when SocketsHandler.Get(primary, "AllowAutoRedirect") is bool follows => follows,
#endif
            _ => null,
        };

    /// <summary>True when the handler has sent requests, so that it cannot be set up any more.</summary>
    public static bool HasStarted(HttpMessageHandler primary)
    {
        if (FollowsRedirects(primary) is not { } follows)
            return false;

        try
        {
            Set(primary, follows);

            return false;
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            return true;
        }
    }

    /// <exception cref="InvalidOperationException">It has sent requests already.</exception>
    public static void StopFollowing(HttpMessageHandler primary) => Set(primary, follows: false);

    private static void Set(HttpMessageHandler primary, bool follows)
    {
        switch (primary)
        {
            case HttpClientHandler handler:
                handler.AllowAutoRedirect = follows;
                break;
#if NET
            case SocketsHttpHandler handler:
                handler.AllowAutoRedirect = follows;
                break;
#else
            default:
                SocketsHandler.Set(primary, "AllowAutoRedirect", follows);
                break;
#endif
        }
    }
}
