using Microsoft.Extensions.Logging;

namespace TokenAuth;

internal static partial class RedisTokenStoreLog
{
    [LoggerMessage(
        341,
        LogLevel.Warning,
        "The token record {Key} is damaged and was set aside in Redis under {DamagedKey}; a new grant will be obtained. {Damage}"
    )]
    public static partial void SetAside(this ILogger logger, string key, string damagedKey, string damage);

    [LoggerMessage(
        342,
        LogLevel.Warning,
        "The Redis server has the maxmemory-policy {Policy}, under which it may drop token records, and each may cost one of "
            + "VK Cloud's 25 refresh tokens. Set the policy noeviction, or use a Redis of its own for the tokens."
    )]
    public static partial void Evicts(this ILogger logger, string policy);

    [LoggerMessage(
        343,
        LogLevel.Warning,
        "The Redis token store uses the application's connection, whose commands may take up to {Timeout} ms and are kept while it is not "
            + "connected, unless its BacklogPolicy is FailFast. A command that the store has given up after {Limit} ms may run later; a "
            + "write that comes late is refused where the record has changed. UseRedisStore(configuration) makes a connection with "
            + "shorter limits."
    )]
    public static partial void UsesSlowConnection(this ILogger logger, int timeout, int limit);
}
