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
    public const string ClientCredentialsGrant = "client_credentials";

    private const string RefreshTokenGrant = "refresh_token";

    private readonly VkCloudFailure _failure = new(options);
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
            throw _failure.SecretMissing(refusal);

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
            throw pace.Refusal is { } refusal ? _failure.Refused(refusal) : _failure.Paced(wait);

        var reply = await SpendAsync(previous, cancellationToken).ConfigureAwait(false);
        if (IsRefusal(reply))
        {
            pace.Refused(reply);
            throw _failure.Refused(reply);
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
            throw _failure.Redirected(reply);
        if (!reply.IsSuccess)
            throw _failure.Failed(reply);

        return VkCloudTokenResponse.Read(reply, options, knownRefreshToken, out var fault)
            ?? throw _failure.Invalid(reply, fault);
    }

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
