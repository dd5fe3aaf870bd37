using Microsoft.Extensions.Logging;

namespace TokenAuth;

// One class: of several, the generator of .NET 10 writes them in another order at each build (dotnet/runtime#119587).
internal static partial class SpeechTokenLog
{
    [LoggerMessage(500, LogLevel.Warning, "{Call} is unprotected, which only Development allows. {Remedy}")]
    public static partial void IsUnprotected(this ILogger logger, string call, string remedy);

    [LoggerMessage(501, LogLevel.Error, "{Call} refuses every request. {Remedy}")]
    public static partial void RefusesAll(this ILogger logger, string call, string remedy);

    [LoggerMessage(
        502,
        LogLevel.Error,
        "{Call} refuses every request: the authorization middleware does not run before it, so nothing applies its policy. Call app.UseAuthorization() between "
            + "UseRouting and UseEndpoints."
    )]
    public static partial void LacksMiddleware(this ILogger logger, string call);

    [LoggerMessage(
        503,
        LogLevel.Warning,
        "{Call} hands out tokens to anybody, which only Development allows: the authorization middleware does not run before it, so nothing applies its policy. Call "
            + "app.UseAuthorization() between UseRouting and UseEndpoints."
    )]
    public static partial void IsOpenInDevelopment(this ILogger logger, string call);

    [LoggerMessage(
        510,
        LogLevel.Warning,
        "Browsers and apps get no Speech token from token provider '{Provider}'{ForTenant}; more failures of this outage are not logged. {Cause}"
    )]
    public static partial void Fails(this ILogger logger, string provider, string forTenant, string cause);

    [LoggerMessage(
        511,
        LogLevel.Information,
        "Browsers and apps get Speech tokens from token provider '{Provider}'{ForTenant} again."
    )]
    public static partial void WorksAgain(this ILogger logger, string provider, string forTenant);

    [LoggerMessage(
        512,
        LogLevel.Warning,
        "A caller gets no Speech token from token provider '{Provider}': its resolver failed for tenant '{Tenant}'; more failures of this outage are not logged. {Cause}"
    )]
    public static partial void CannotResolve(this ILogger logger, string provider, string tenant, string cause);

    [LoggerMessage(
        513,
        LogLevel.Information,
        "A caller gets no Speech token from token provider '{Provider}': {Cause} Further ones for it are not logged."
    )]
    public static partial void HasNoTenant(this ILogger logger, string provider, string cause);
}
