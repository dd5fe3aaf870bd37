using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// What the package logs, in one class: the generator writes several in an order that varies, and the same sources would give other bytes.
/// </summary>
internal static partial class SpeechTokenLog
{
    [LoggerMessage(500, LogLevel.Warning, "{Call} is unprotected, which only Development allows. {Remedy}")]
    public static partial void Unprotected(ILogger logger, string call, string remedy);

    [LoggerMessage(501, LogLevel.Error, "{Call} refuses every request. {Remedy}")]
    public static partial void Refused(ILogger logger, string call, string remedy);

    [LoggerMessage(
        502,
        LogLevel.Error,
        "{Call} refuses every request: the authorization middleware, which is to apply its policy, does not run before it. Call app.UseAuthorization() between "
            + "UseRouting and UseEndpoints."
    )]
    public static partial void MiddlewareMissing(ILogger logger, string call);

    [LoggerMessage(
        510,
        LogLevel.Warning,
        "Browsers and apps get no Speech token from token provider '{Provider}'; more failures of this outage are not logged. {Cause}"
    )]
    public static partial void Failing(ILogger logger, string provider, string cause);

    [LoggerMessage(
        511,
        LogLevel.Information,
        "Browsers and apps get Speech tokens from token provider '{Provider}' again."
    )]
    public static partial void WorksAgain(ILogger logger, string provider);
}
