using Microsoft.Extensions.Logging;

namespace TokenAuth;

internal static partial class FileTokenStoreLog
{
    [LoggerMessage(301, LogLevel.Warning, "'{Path}' was open to other users; the token store has made it private.")]
    public static partial void Tightened(this ILogger logger, string path);

    [LoggerMessage(
        302,
        LogLevel.Warning,
        "The token record {Key} is damaged and was set aside as '{Path}'; a new grant will be obtained. {Error}"
    )]
    public static partial void SetAside(this ILogger logger, string key, string path, string error);

    [LoggerMessage(
        303,
        LogLevel.Warning,
        "'{Path}' is on a mount that ignores file modes; other users may be able to read what the token store keeps there."
    )]
    public static partial void ModesIgnored(this ILogger logger, string path);
}
