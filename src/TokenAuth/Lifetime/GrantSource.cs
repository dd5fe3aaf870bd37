using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>A source as the engine uses it: each call has a time limit and is measured.</summary>
internal sealed partial class GrantSource(ITokenSource source, string providerName, TimeProvider time, ILogger logger)
{
    // Made for each use: of a hundred thousand tenants most do nothing.
    private TimeLimit Limit => new("The token endpoint's answer", TimeSpan.FromSeconds(15), time);

    public string ProviderName => providerName;

    /// <param name="isPastCache">Whether a service refused the previous grant's token, so that a cache is of no use.</param>
    /// <param name="isSparing">Whether no grant may be asked for that costs something.</param>
    public async Task<TokenGrant> AcquireAsync(
        TokenGrant? previous,
        bool isPastCache,
        bool isSparing,
        CancellationToken cancellationToken
    )
    {
        var start = time.GetTimestamp();
        try
        {
            var grant =
                await Limit
                    .RunAsync(
                        end =>
                            source switch
                            {
                                ICachingTokenSource caching when isPastCache => caching.AcquirePastCacheAsync(
                                    previous,
                                    end
                                ),
                                ISparingTokenSource sparing when isSparing => sparing.RenewOnlyAsync(previous, end),
                                _ => source.AcquireAsync(previous, end),
                            },
                        cancellationToken
                    )
                    .ConfigureAwait(false)
                ?? throw new TokenAcquisitionException($"The source of provider '{providerName}' returned no grant.");
            Measure(grant.GrantType, errorType: null, start);
            TelemetryGuard.Emit(() => LogObtained(logger, providerName, grant.AccessToken.ExpiresAt));

            return grant;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (exception is not TokenAcquisitionException { IsWithheld: true, StatusCode: null }) // nothing was asked
                Measure((exception as TokenAcquisitionException)?.GrantType, ErrorKind.Of(exception), start);
            throw;
        }
    }

    private void Measure(string? grantType, string? errorType, long start) =>
        TelemetryGuard.Emit(() => TokenMeter.Acquired(providerName, grantType, errorType, time.GetElapsedTime(start)));

    [LoggerMessage(1, LogLevel.Debug, "Provider '{Provider}' obtained a token that expires at {ExpiresAt:O}.")]
    private static partial void LogObtained(ILogger logger, string provider, DateTimeOffset? expiresAt);
}
