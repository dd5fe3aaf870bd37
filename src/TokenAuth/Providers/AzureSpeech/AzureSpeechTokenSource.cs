using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Azure's <c>issueToken</c>: an empty POST with the subscription key; the reply's body is the token. A refused key gives way
/// to the other one, a failing endpoint never.
/// </summary>
internal sealed partial class AzureSpeechTokenSource(
    AzureSpeechOptions options,
    Uri address,
    TokenEndpointClient endpoint,
    SubscriptionKeyProvider keys,
    TimeProvider time,
    ILogger logger
) : ITokenSource
{
    // No OAuth grant, but what metrics call it by.
    public const string SubscriptionKeyGrant = "subscription_key";

    private readonly AzureSpeechFailure _failure = new(options, address);
    private readonly AzureSpeechTokenReader _reader = new(options.ProviderName, options.ReuseFor, logger)
    {
        GrantType = SubscriptionKeyGrant,
    };

    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        var requestedAt = time.GetUtcNow();
        var key = await keys.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        var reply = await SendAsync(key, previous, cancellationToken).ConfigureAwait(false);

        if (!IsRefusal(reply))
            return Granted(reply, requestedAt);

        keys.Invalidate(key);
        var other = await keys.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(other, key))
            throw _failure.KeyRefused(reply);

        var second = await SendAsync(other, previous, cancellationToken).ConfigureAwait(false);
        if (!IsRefusal(second))
        {
            Watchers.Tell(() => LogKeyRefused(logger, options.ProviderName, (int)reply.StatusCode));
            return Granted(second, requestedAt);
        }

        keys.Invalidate(other);
        throw _failure.KeysRefused(second);
    }

    private Task<TokenEndpointReply> SendAsync(
        AccessToken key,
        TokenGrant? previous,
        CancellationToken cancellationToken
    ) =>
        endpoint.SendAsync(
            new TokenEndpointCall
            {
                Vendor = "Azure Speech",
                ProviderName = options.ProviderName,
                Endpoint = address,
                GrantType = SubscriptionKeyGrant,
                CreateRequest = () => Request(key),
                Secrets = [options.SubscriptionKey, options.SecondaryKey, previous?.AccessToken.Value],
            },
            cancellationToken
        );

    private HttpRequestMessage Request(AccessToken key)
    {
        // Without an explicit Content-Length: 0 the answer is 411.
        var content = new ByteArrayContent([]);
        content.Headers.ContentLength = 0;
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");

        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.TryAddWithoutValidation("Ocp-Apim-Subscription-Key", key.Value);

        return request;
    }

    // Only Azure itself judges a key, and only with 401: 400 and 403 are for both keys.
    private static bool IsRefusal(TokenEndpointReply reply) =>
        reply is { StatusCode: HttpStatusCode.Unauthorized, IsApiResponse: true };

    private TokenGrant Granted(TokenEndpointReply reply, DateTimeOffset requestedAt)
    {
        if (!reply.IsSuccess)
            throw _failure.Of(reply);
        if ((reply.TextFault ?? AzureSpeechToken.Fault(reply.Text)) is { } fault)
            throw _failure.Invalid(reply, fault);

        return _reader.Read(reply.Text!, reply.SentAt, requestedAt);
    }

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "Azure Speech refused a subscription key of provider '{Provider}' ({Status}); the other key is used from now on. Was the first one regenerated?"
    )]
    private static partial void LogKeyRefused(ILogger logger, string provider, int status);
}
