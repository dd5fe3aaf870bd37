namespace TokenAuth.Tests.Handlers;

/// <summary>Makes a handler by what it places: "Bearer", "Key" or "Query".</summary>
internal static class AnyHandler
{
    public static TokenHandler Of(
        string kind,
        ITokenProvider provider,
        HttpMessageHandler inner,
        TokenHandlerOptions? options = null
    )
    {
        TokenHandler handler = kind switch
        {
            "Bearer" => new BearerTokenHandler(provider, options),
            "Key" => new SubscriptionKeyHandler(provider, options),
            "Query" => new OAuthTokenQueryHandler(provider, options),
            _ => throw new ArgumentException(kind, nameof(kind)),
        };
        handler.InnerHandler = inner;
        return handler;
    }
}
