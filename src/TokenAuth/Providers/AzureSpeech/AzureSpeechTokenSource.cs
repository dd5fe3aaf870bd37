using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Azure's <c>issueToken</c> with the memory of which key works; the response's body is the token. A refused key gives way to the other one, a
/// failing endpoint never.
/// </summary>
internal sealed partial class AzureSpeechTokenSource(
    AzureSpeechOptions options,
    Uri address,
    AzureSpeechTokenEndpoint endpoint,
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
        var known = previous?.AccessToken;
        var response = await endpoint.SendAsync(key, known, mayRepeat: true, cancellationToken).ConfigureAwait(false);

        if (!AzureSpeechTokenEndpoint.IsRefusal(response))
            return Granted(response, requestedAt);

        keys.Invalidate(key);
        var other = await keys.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(other, key))
            throw _failure.KeyRefused(response);

        var second = await endpoint.SendAsync(other, known, mayRepeat: true, cancellationToken).ConfigureAwait(false);
        if (!AzureSpeechTokenEndpoint.IsRefusal(second))
        {
            TelemetryGuard.Emit(() => LogKeyRefused(logger, options.ProviderName, (int)response.StatusCode));
            return Granted(second, requestedAt);
        }

        keys.Invalidate(other);
        throw _failure.KeysRefused(second);
    }

    private TokenGrant Granted(TokenEndpointResponse response, DateTimeOffset requestedAt)
    {
        if (!response.IsSuccess)
            throw _failure.Of(response);
        if ((response.TextError ?? AzureSpeechToken.Error(response.Text)) is { } error)
            throw _failure.Invalid(response, error);

        return _reader.Read(response.Text!, response.SentAt, requestedAt);
    }

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "Azure Speech refused a subscription key of provider '{Provider}' ({Status}); the other key is used from now on. Was the first one regenerated?"
    )]
    private static partial void LogKeyRefused(ILogger logger, string provider, int status);
}
