namespace TokenAuth;

/// <summary>A websocket's handshake is an HTTP request (RFC 6455 section 4), so that its schemes count as http and https.</summary>
internal static class RequestScheme
{
    private const string SecureWebSocket = "wss";
    private const string WebSocket = "ws";

    public static bool IsSecure(Uri uri) => Is(uri, Uri.UriSchemeHttps) || Is(uri, SecureWebSocket);

    public static bool IsPlain(Uri uri) => Is(uri, Uri.UriSchemeHttp) || Is(uri, WebSocket);

    /// <summary>The secure scheme for what the URI is used for.</summary>
    public static string SecureFor(Uri uri) => Is(uri, WebSocket) ? SecureWebSocket : Uri.UriSchemeHttps;

    private static bool Is(Uri uri, string scheme) => string.Equals(uri.Scheme, scheme, StringComparison.Ordinal);
}
