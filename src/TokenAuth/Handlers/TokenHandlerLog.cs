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
            + "A refused request is sent again only if the answer came from its own address. Use SocketsHttpHandler or HttpClientHandler, or "
            + "handlers that derive from DelegatingHandler above one of them."
    )]
    public static partial void PrimaryHandlerIsOpaque(this ILogger logger, string handler, string primaryHandler);

    [LoggerMessage(
        EventId = 42,
        Level = LogLevel.Debug,
        Message = "{Handler}: {Host} refused the credential with HTTP {StatusCode}."
    )]
    public static partial void Rejected(this ILogger logger, string handler, string host, int statusCode);

    [LoggerMessage(
        EventId = 43,
        Level = LogLevel.Warning,
        Message = "{Handler} cannot see whether its {PrimaryHandler} sends requests for loopback through a proxy, which would take the "
            + "credential off this machine. Let no proxy carry localhost, 127.0.0.1 and ::1."
    )]
    public static partial void ProxyIsOpaque(this ILogger logger, string handler, string primaryHandler);

    [LoggerMessage(
        EventId = 44,
        Level = LogLevel.Warning,
        Message = "{Handler} sends its credential over http, readable on the way, to the hosts in AllowHttp: {Hosts}."
    )]
    public static partial void AllowsHttp(this ILogger logger, string handler, string hosts);
}
