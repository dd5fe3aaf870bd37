using System.Net;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// VK Cloud's ladder: a known refresh token first, then exactly one <c>client_credentials</c>. A passing failure never
/// spends a new refresh token.
/// </summary>
internal sealed partial class VkCloudTokenSource(
    VkCloudOptions options,
    TokenEndpointClient endpoint,
    ClientCredentialsPace pace,
    bool isPersistent,
    ILogger logger
) : ITokenSource
{
    public const int RefreshTokensPerProject = 25;

    private const string RefreshTokenGrant = "refresh_token";
    private const string ClientCredentialsGrant = "client_credentials";

    private int _hasWarned;

    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        TokenEndpointReply? refusal = null;
        foreach (var refreshToken in RefreshTokens(previous))
        {
            var reply = await SendAsync(Refresh(refreshToken), previous, cancellationToken).ConfigureAwait(false);
            if (!IsRefusal(reply))
                return Granted(reply, refreshToken);

            refusal = reply;
            Watchers.Tell(() => LogRefreshTokenRefused(logger, options.ProviderName, (int)reply.StatusCode));
        }

        if (string.IsNullOrEmpty(options.ClientSecret))
            throw Failure(
                $"Provider '{options.ProviderName}' must be authenticated again: VK Cloud refused its refresh token and no ClientSecret is set. Set "
                    + $"{options.SettingPrefix}ClientSecret, or a new {options.SettingPrefix}RefreshToken.",
                refusal,
                errorCode: "invalid_grant"
            );

        return await GrantClientCredentialsAsync(previous, cancellationToken).ConfigureAwait(false);
    }

    // The stored or newest one first, then the configured one: it may have been replaced after the stored one died. Last the one that this
    // process was granted before its options changed, and changed back.
    private IEnumerable<string> RefreshTokens(TokenGrant? previous) =>
        new[] { previous?.RefreshToken, previous?.OtherRefreshToken, options.RefreshToken, pace.RefreshToken }
            .Where(token => !string.IsNullOrEmpty(token))
            .Select(token => token!)
            .Distinct(StringComparer.Ordinal);

    private async Task<TokenGrant> GrantClientCredentialsAsync(
        TokenGrant? previous,
        CancellationToken cancellationToken
    )
    {
        if (pace.Wait is { } wait)
            throw pace.Refusal is { } refusal ? Refused(refusal) : Paced(wait);

        var reply = await SpendAsync(previous, cancellationToken).ConfigureAwait(false);
        if (IsRefusal(reply))
        {
            pace.Refused(reply);
            throw Refused(reply);
        }

        if (VkCloudTokenResponse.MayBeGrant(reply))
            pace.Granted(refreshToken: null);
        else if (reply.IsAfterUncertainty)
            pace.Unanswered();
        var grant = Granted(reply, knownRefreshToken: null);
        pace.Granted(grant.RefreshToken);
        Watchers.Tell(LogMinted);

        return grant;
    }

    private async Task<TokenEndpointReply> SpendAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(ClientCredentials(), previous, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or TokenAcquisitionException { MayHaveBeenGranted: true })
        {
            pace.Unanswered(); // also where the engine's limit came before the answer
            throw;
        }
    }

    private VkCloudTokenRequest Refresh(string refreshToken) =>
        new()
        {
            ClientId = options.ClientId,
            RefreshToken = refreshToken,
            GrantType = RefreshTokenGrant,
        };

    private VkCloudTokenRequest ClientCredentials() =>
        new()
        {
            ClientId = options.ClientId,
            ClientSecret = options.ClientSecret,
            GrantType = ClientCredentialsGrant,
        };

    private Task<TokenEndpointReply> SendAsync(
        VkCloudTokenRequest request,
        TokenGrant? previous,
        CancellationToken cancellationToken
    ) =>
        endpoint.SendAsync(
            new TokenEndpointCall
            {
                Vendor = "VK Cloud",
                ProviderName = options.ProviderName,
                Endpoint = options.TokenEndpoint,
                GrantType = request.GrantType,
                CreateRequest = () => request.ToHttp(options.TokenEndpoint),
                Secrets = [options.ClientSecret, previous?.AccessToken.Value, .. RefreshTokens(previous)],
                RepeatsWhenUncertain = 1, // the grant may have been spent
            },
            cancellationToken
        );

    private static bool IsRefusal(TokenEndpointReply reply) =>
        reply.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    private TokenGrant Granted(TokenEndpointReply reply, string? knownRefreshToken)
    {
        if ((int)reply.StatusCode is >= 300 and <= 399)
            throw Failure(
                $"VK Cloud's token endpoint redirects provider '{options.ProviderName}' elsewhere ({Describe(reply)}), where the secret must not go. Check "
                    + $"{options.SettingPrefix}TokenEndpoint.",
                reply
            );
        if (!reply.IsSuccess)
            throw Failure(
                $"VK Cloud's token endpoint failed for provider '{options.ProviderName}' ({Describe(reply)}). It is tried again.",
                reply,
                isTransient: true
            );

        return VkCloudTokenResponse.Read(reply, options, knownRefreshToken, out var fault)
            ?? throw Failure(
                $"VK Cloud's token endpoint gave provider '{options.ProviderName}' an invalid response: it {fault}. Check {options.SettingPrefix}TokenEndpoint.",
                reply,
                isTransient: true
            );
    }

    private TokenAcquisitionException Refused(TokenEndpointReply reply) =>
        Failure(
            $"VK Cloud refused the client credentials of provider '{options.ProviderName}' ({Describe(reply)}). Check ClientId and ClientSecret. If they are right, the "
                + $"project's {RefreshTokensPerProject} refresh tokens may be used up: reuse one by setting RefreshToken, or use a service token, and keep grants in a token store.",
            reply
        );

    private TokenAcquisitionException Paced(TimeSpan wait) =>
        new(
            $"Provider '{options.ProviderName}' asks VK Cloud for a new grant at most once a minute, because each one costs one of the project's "
                + $"{RefreshTokensPerProject} refresh tokens; the next request is possible in {Math.Ceiling(wait.TotalSeconds):0} s."
        )
        {
            ProviderName = options.ProviderName,
            IsTransient = true,
            RetryAfter = RetryAfterValue.Clamp(wait),
            GrantType = ClientCredentialsGrant,
            ErrorType = ErrorKind.Paced,
        };

    private static string Describe(TokenEndpointReply reply) =>
        reply.ErrorCode is { } code ? $"{(int)reply.StatusCode} {code}" : $"{(int)reply.StatusCode}";

    private TokenAcquisitionException Failure(
        string message,
        TokenEndpointReply? reply,
        bool isTransient = false,
        string? errorCode = null
    ) =>
        new(message)
        {
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = reply?.StatusCode,
            ErrorCode = reply?.ErrorCode ?? errorCode,
            RetryAfter = reply?.RetryAfter,
            GrantType = reply?.GrantType,
        };

    private void LogMinted()
    {
        TokenMeter.RefreshTokenMinted(options.ProviderName);
        if (isPersistent || Interlocked.Exchange(ref _hasWarned, 1) == 1)
            LogMintedAndKept(logger, options.ProviderName, RefreshTokensPerProject);
        else
            LogMintedAndLost(logger, options.ProviderName, RefreshTokensPerProject);
    }

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "VK Cloud refused a refresh token of provider '{Provider}' ({Status}); another one or the client's secret is tried next, where there is one."
    )]
    private static partial void LogRefreshTokenRefused(ILogger logger, string provider, int status);

    [LoggerMessage(
        11,
        LogLevel.Information,
        "Provider '{Provider}' obtained one of the project's {Limit} refresh tokens."
    )]
    private static partial void LogMintedAndKept(ILogger logger, string provider, int limit);

    [LoggerMessage(
        12,
        LogLevel.Warning,
        "Provider '{Provider}' obtained one of the project's {Limit} refresh tokens and has no token store: every restart costs another one, and VK Cloud "
            + "cannot restore them. Configure a store, for example UseFileStore or UsePostgresStore."
    )]
    private static partial void LogMintedAndLost(ILogger logger, string provider, int limit);
}
