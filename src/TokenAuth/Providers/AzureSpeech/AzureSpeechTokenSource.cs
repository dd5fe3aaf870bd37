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
    TokenEndpointClient endpoint,
    SubscriptionKeyProvider keys,
    TimeProvider time,
    ILogger logger
) : ITokenSource
{
    // No OAuth grant, but what metrics call it by.
    private const string SubscriptionKeyGrant = "subscription_key";

    private static readonly TimeSpan _documentedLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _shortestLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _marginBeforeExp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _toleratedClockDifference = TimeSpan.FromMinutes(1);

    public Uri Address { get; } = options.TokenEndpoint ?? AzureSpeechRegion.TokenEndpoint(options.Region!);

    private int _hasWarned;

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
            throw Refused(reply, "the subscription key", "SubscriptionKey", "key's");

        var second = await SendAsync(other, previous, cancellationToken).ConfigureAwait(false);
        if (!IsRefusal(second))
        {
            Watchers.Tell(() => LogKeyRefused(logger, options.ProviderName, (int)reply.StatusCode));
            return Granted(second, requestedAt);
        }

        keys.Invalidate(other);
        throw Refused(second, "both subscription keys", "SubscriptionKey and SecondaryKey", "keys'");
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
                Endpoint = Address,
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

        var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = content };
        request.Headers.TryAddWithoutValidation("Ocp-Apim-Subscription-Key", key.Value);

        return request;
    }

    private static bool IsRefusal(TokenEndpointReply reply) =>
        reply.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    private TokenGrant Granted(TokenEndpointReply reply, DateTimeOffset requestedAt)
    {
        if (!reply.IsSuccess)
            throw Failure(
                reply.IsWorthRepeating
                    ? $"Azure Speech's token endpoint {Address.Host} failed for provider '{options.ProviderName}' ({Describe(reply)}). It is tried again."
                    : $"Azure Speech's token endpoint {Address.Host} does not serve provider '{options.ProviderName}' ({Describe(reply)}). Check {options.SettingPrefix}Region and "
                        + $"{options.SettingPrefix}TokenEndpoint.",
                reply,
                reply.IsWorthRepeating
            );
        if ((reply.TextFault ?? AzureSpeechToken.Fault(reply.Text)) is { } fault)
            throw Failure(
                $"Azure Speech's token endpoint {Address.Host} gave provider '{options.ProviderName}' an invalid response: it {fault}. Check "
                    + $"{options.SettingPrefix}TokenEndpoint.",
                reply,
                isTransient: true
            );

        return Grant(reply.Text!, reply.SentAt, requestedAt);
    }

    private TokenGrant Grant(string jwt, DateTimeOffset sentAt, DateTimeOffset requestedAt)
    {
        var documented = sentAt + _documentedLife;
        if (AzureSpeechToken.ExpiresAt(jwt) is not { } exp)
            return new TokenGrant(new AccessToken(jwt, documented))
            {
                ReuseFor = options.ReuseFor,
                GrantType = SubscriptionKeyGrant,
            };

        var difference = exp - documented;
        if (difference.Duration() > _toleratedClockDifference && Interlocked.Exchange(ref _hasWarned, 1) == 0)
            Watchers.Tell(() => LogClockIsWrong(logger, options.ProviderName, exp, documented));

        // An exp in the past or about to pass tells of a wrong local clock, not of a token to throw away.
        if (exp - sentAt < _shortestLife)
            return new TokenGrant(new AccessToken(jwt, documented))
            {
                ReuseFor = options.ReuseFor,
                GrantType = SubscriptionKeyGrant,
            };

        // The earlier moment, should the clock have been set back in between.
        var untilExp = exp - _marginBeforeExp - (requestedAt < sentAt ? requestedAt : sentAt);

        return new TokenGrant(new AccessToken(jwt, exp < documented ? exp : documented))
        {
            ReuseFor = untilExp < options.ReuseFor ? untilExp : options.ReuseFor,
            GrantType = SubscriptionKeyGrant,
        };
    }

    private TokenAcquisitionException Refused(TokenEndpointReply reply, string what, string settings, string whose) =>
        Failure(
            $"Azure Speech refused {what} of provider '{options.ProviderName}' at {Address.Host} ({Describe(reply)}). Check {settings}, and that Region or TokenEndpoint is "
                + $"that of the {whose} resource: the answer is the same for a wrong key and a wrong region.",
            reply
        );

    private static string Describe(TokenEndpointReply reply) =>
        reply.ErrorCode is { } code && code.Any(char.IsLetter)
            ? $"{(int)reply.StatusCode} {code}"
            : $"{(int)reply.StatusCode}";

    private TokenAcquisitionException Failure(string message, TokenEndpointReply reply, bool isTransient = false) =>
        new(message)
        {
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = reply.StatusCode,
            ErrorCode = reply.ErrorCode,
            RetryAfter = reply.RetryAfter,
            GrantType = SubscriptionKeyGrant,
        };

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "Azure Speech refused a subscription key of provider '{Provider}' ({Status}); the other key is used from now on. Was the first one regenerated?"
    )]
    private static partial void LogKeyRefused(ILogger logger, string provider, int status);

    [LoggerMessage(
        16,
        LogLevel.Warning,
        "The local clock is wrong, or Azure Speech's: a token of provider '{Provider}' that should expire at {Documented:O} by the local clock says {Exp:O}. Check the "
            + "machine's time synchronization."
    )]
    private static partial void LogClockIsWrong(
        ILogger logger,
        string provider,
        DateTimeOffset exp,
        DateTimeOffset documented
    );
}
