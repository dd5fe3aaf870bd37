using Microsoft.Extensions.Logging;

namespace TokenAuth;

public sealed partial class CachedTokenProvider
{
    [LoggerMessage(
        2,
        LogLevel.Warning,
        "The renewal for provider '{Provider}' failed; its token still serves. {Cause}"
    )]
    private static partial void LogRenewalFailed(ILogger logger, string provider, string cause);

    [LoggerMessage(3, LogLevel.Information, "A service refused the token of provider '{Provider}'; it is renewed.")]
    private static partial void LogRejected(ILogger logger, string provider);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "A service refused the token of provider '{Provider}' again, after {Limit} renewals within an hour; the token stays in use and the "
            + "service's refusals reach the caller. Check that the token belongs to that service, its region and its project."
    )]
    private static partial void LogRejectionsExceeded(ILogger logger, string provider, int limit);

    [LoggerMessage(
        22,
        LogLevel.Warning,
        "Provider '{Provider}' has a token store and no StoreKey: another provider of the source {Source} and of this name would be handed its tokens, "
            + "whatever credentials it has. Set CachedTokenOptions.StoreKey to what tells its grants apart, made of the endpoint and the client id by "
            + "TokenStoreKey.For."
    )]
    private static partial void LogNoStoreKey(ILogger logger, string provider, string source);
}
