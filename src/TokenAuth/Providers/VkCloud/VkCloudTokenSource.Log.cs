using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <content>What is logged.</content>
internal sealed partial class VkCloudTokenSource
{
    private int _hasWarned;

    private void LogMinted()
    {
        TokenMeter.RefreshTokenMinted(options.ProviderName);
        if (IsPersistent || Interlocked.Exchange(ref _hasWarned, 1) == 1)
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

    [LoggerMessage(
        13,
        LogLevel.Warning,
        "VK Cloud's token endpoint {Error} for provider '{Provider}'. The access token is used; the next one may cost another of the project's {Limit} refresh "
            + "tokens."
    )]
    private static partial void LogNoRefreshToken(ILogger logger, string provider, string error, int limit);
}
