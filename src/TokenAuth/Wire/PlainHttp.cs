using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>Says at each start that a secret leaves this machine without TLS, because the settings allow it.</summary>
internal static partial class PlainHttp
{
    public static void Warn(ILogger logger, string provider, Uri endpoint)
    {
        if (string.Equals(endpoint.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal) && !Loopback.Is(endpoint))
            TelemetryGuard.Emit(() =>
                LogPlain(logger, provider, endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped))
            );
    }

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "Provider '{Provider}' sends its secret to {Endpoint} without TLS, because AllowHttp is true: whoever is on the way can read it. That is for "
            + "emulators and tests only."
    )]
    private static partial void LogPlain(ILogger logger, string provider, string endpoint);
}
