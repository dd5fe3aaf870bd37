using Microsoft.Extensions.Logging;

namespace TokenAuth;

internal static partial class TokenHandlerLog
{
    [LoggerMessage(
        EventId = 40,
        Level = LogLevel.Information,
        Message = "{Handler} turned automatic redirects of its {PrimaryHandler} off: they could take the credential to another host."
    )]
    public static partial void RedirectsTurnedOff(this ILogger logger, string handler, string primaryHandler);

    [LoggerMessage(
        EventId = 41,
        Level = LogLevel.Warning,
        Message = "{Handler} cannot see whether its {PrimaryHandler} follows redirects, which could take the credential to another host. "
            + "Refused requests are not sent again. Use SocketsHttpHandler or HttpClientHandler, or handlers that derive from DelegatingHandler "
            + "above one of them."
    )]
    public static partial void PrimaryHandlerIsOpaque(this ILogger logger, string handler, string primaryHandler);

    [LoggerMessage(
        EventId = 42,
        Level = LogLevel.Debug,
        Message = "{Handler}: {Host} refused the credential with HTTP {StatusCode}."
    )]
    public static partial void Rejected(this ILogger logger, string handler, string host, int statusCode);
}
