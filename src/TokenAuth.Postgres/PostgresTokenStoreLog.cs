using Microsoft.Extensions.Logging;

namespace TokenAuth;

internal static partial class PostgresTokenStoreLog
{
    [LoggerMessage(
        321,
        LogLevel.Warning,
        "The token record {Key} is damaged and was set aside in the table {Table}, column damaged; a new grant will be obtained. {Error}"
    )]
    public static partial void SetAside(this ILogger logger, string key, string table, string error);

    [LoggerMessage(322, LogLevel.Information, "The token store's table {Table} does not exist and is created.")]
    public static partial void CreatesTable(this ILogger logger, string table);

    [LoggerMessage(
        323,
        LogLevel.Warning,
        "The token record {Key} in the table {Table} is damaged and counts as absent. This session is read-only; the next one that can write sets the record aside."
    )]
    public static partial void LeavesDamaged(this ILogger logger, string key, string table);
}
