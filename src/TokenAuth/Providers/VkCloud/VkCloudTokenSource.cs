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
    TimeProvider time,
    ILogger logger
) : ISparingTokenSource
{
    public const int RefreshTokensPerProject = 25;

    private readonly VkCloudTokenEndpoint _endpoint = new(options, endpoint);
    private readonly VkCloudFailure _failure = new(options);
    private readonly UnclearRefusals _unclear = new(time);
    private readonly SparingRefusal _sparing = new(time);

    /// <summary>True when grants survive a restart.</summary>
    public bool IsPersistent { get; init; }

    public Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken) =>
        AcquireAsync(previous, maySpend: true, cancellationToken);

    public Task<TokenGrant> RenewOnlyAsync(TokenGrant? previous, CancellationToken cancellationToken) =>
        AcquireAsync(previous, maySpend: false, cancellationToken);

    private async Task<TokenGrant> AcquireAsync(
        TokenGrant? previous,
        bool maySpend,
        CancellationToken cancellationToken
    )
    {
        var refreshTokens = RefreshTokens(previous);
        string?[] secrets = [options.ClientSecret, previous?.AccessToken.Value, .. refreshTokens];

        var before = _sparing.Take();
        var (refused, refusal) = maySpend ? before : ([], null);
        foreach (var refreshToken in refreshTokens.Except(refused, StringComparer.Ordinal))
        {
            var response = await RefreshAsync(refreshToken, secrets, cancellationToken).ConfigureAwait(false);
            if (response.Grant is { } grant)
                return grant;

            refusal = response;
        }

        if (string.IsNullOrEmpty(options.ClientSecret))
            throw _failure.SecretMissing(refusal);
        if (!maySpend)
        {
            if (refusal is null)
                throw _failure.NotAsked();

            _sparing.Keep(refreshTokens, refusal);
            throw _failure.RefreshTokenRefused(refusal);
        }

        if (pace.Wait is { } wait)
            throw pace.Refusal is { } ofSecret ? _failure.Refused(ofSecret) : _failure.Paced(wait, pace.Cause);

        return await SpendAsync(secrets, followsRefusal: refusal is not null, cancellationToken).ConfigureAwait(false);
    }

    // First one that was saved out of a spoilt grant, and is the newest. Then the stored one and the configured one: it may have been replaced
    // after the stored one died. Last the one that this process was granted before its options changed, and changed back.
    private string[] RefreshTokens(TokenGrant? previous) =>
        [
            .. new[]
            {
                pace.Kept,
                previous?.RefreshToken,
                previous?.OtherRefreshToken,
                options.RefreshToken,
                pace.RefreshToken,
            }
                .Where(token => !string.IsNullOrEmpty(token))
                .Select(token => token!)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>A grant or a refusal.</summary>
    /// <exception cref="TokenAcquisitionException">It is neither.</exception>
    private async Task<VkCloudTokenResponse> RefreshAsync(
        string refreshToken,
        string?[] secrets,
        CancellationToken cancellationToken
    )
    {
        var response = VkCloudTokenResponse.Read(
            await _endpoint.RefreshAsync(refreshToken, secrets, cancellationToken).ConfigureAwait(false),
            options,
            refreshToken
        );

        var isUnclear = response.Verdict is VkCloudVerdict.Blocked or VkCloudVerdict.Doubtful;
        if (isUnclear)
        {
            if (!_unclear.AddAndBelieve(refreshToken))
                throw _failure.Of(response);
        }
        else if (response.Verdict != VkCloudVerdict.Failed)
            _unclear.Clear(refreshToken);

        if (response.Grant is not null)
        {
            _unclear.Clear();
            pace.Renewed();
        }
        else if (isUnclear || response.Verdict == VkCloudVerdict.Refused)
        {
            pace.Forget(refreshToken);
            TelemetryGuard.Emit(() =>
                LogRefreshTokenRefused(logger, options.ProviderName, (int)response.Raw.StatusCode)
            );
        }
        else
        {
            if (response.RefreshToken is { } rotated && !string.Equals(rotated, refreshToken, StringComparison.Ordinal))
                pace.Keep(rotated);
            throw _failure.Of(response);
        }

        return response;
    }

    private async Task<TokenGrant> SpendAsync(
        string?[] secrets,
        bool followsRefusal,
        CancellationToken cancellationToken
    )
    {
        VkCloudTokenResponse response;
        try
        {
            response = VkCloudTokenResponse.Read(
                await _endpoint.SpendAsync(secrets, cancellationToken).ConfigureAwait(false),
                options,
                followsRefusal: followsRefusal
            );
        }
        catch (Exception exception) when (exception is not TokenAcquisitionException { MayHaveBeenGranted: false })
        {
            // Also where the engine's limit came before the answer, or a handler of the application's HttpClient threw.
            pace.Wasted(VkCloudFailure.Unanswered);
            throw;
        }

        Note(response);
        if (response.Grant is { } grant)
        {
            _unclear.Clear();
            return grant;
        }

        if (response is not { Verdict: VkCloudVerdict.Spoilt, RefreshToken: { } refreshToken })
            throw _failure.Of(response);

        // The access token is bad, what renews it is not.
        var renewed = await RefreshAsync(refreshToken, [refreshToken, .. secrets], cancellationToken)
            .ConfigureAwait(false);

        return renewed.Grant ?? throw _failure.Of(response);
    }

    private void Note(VkCloudTokenResponse response)
    {
        var isRefusal = response.Verdict == VkCloudVerdict.Refused;

        if (!response.Raw.IsSuccess)
        {
            if (isRefusal)
                pace.Refused(response);
            return;
        }

        if (response is { Grant: not null, RefreshToken: { } granted })
            pace.Granted(granted);
        else
            pace.Wasted(VkCloudFailure.Cause(response), response.RefreshToken, isRefusal ? response : null);

        if (response.Grant is not null || response.RefreshToken is not null)
            TelemetryGuard.Emit(LogMinted);
        if (response is { Grant: not null, RefreshToken: null })
            TelemetryGuard.Emit(() =>
                LogNoRefreshToken(logger, options.ProviderName, response.Error!, RefreshTokensPerProject)
            );
    }
}
