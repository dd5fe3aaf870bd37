using System.Net;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>The settings of the store's own connection.</summary>
internal static class RedisConfiguration
{
    private const int LongestTimeout = 1500; // milliseconds; a provider waits two seconds for a store
    private const int ReconnectPause = 400;

    // Connections that broke are made again, and time-outs are noticed, at a heartbeat.
    private static readonly TimeSpan _heartbeat = TimeSpan.FromMilliseconds(200);

    private const string HowToWriteIt = "write it as 'host:6379,user=…,password=…,ssl=true', not as a URL";

    /// <exception cref="ArgumentException">The text cannot be read; the message does not repeat it.</exception>
    public static ConfigurationOptions Parse(string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);

        if (HasAddressAfterPassword(configuration))
            throw new ArgumentException(
                "The configuration of UseRedisStore has an address after the password; write the addresses first. "
                    + "A password with a comma in it needs UseRedisStore(connection).",
                nameof(configuration)
            );

        return WithLimits(ParseAll(configuration));
    }

    private static ConfigurationOptions ParseAll(string configuration)
    {
        // StackExchange.Redis' message repeats what it could not read, which may be the password; so it is no inner exception either.
        try
        {
            var options = ConfigurationOptions.Parse(configuration, ignoreUnknown: false);
            if (options.EndPoints.Count > 0 && options.EndPoints.All(IsAddress))
                return options;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException) { }

        throw new ArgumentException(
            $"The configuration of UseRedisStore cannot be read; {HowToWriteIt}.",
            nameof(configuration)
        );
    }

    private static ConfigurationOptions WithLimits(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast; // an abandoned command must not run later
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, LongestTimeout);
        options.SyncTimeout = Math.Min(options.SyncTimeout, LongestTimeout);
        options.AsyncTimeout = Math.Min(options.AsyncTimeout, LongestTimeout);
        options.HeartbeatInterval = _heartbeat;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectPause);
        options.IncludeDetailInExceptions = false;

        return options;
    }

    // The rest of a password that has a comma would be looked up as a host's name, and DNS would know it.
    private static bool HasAddressAfterPassword(string configuration) =>
        configuration
            .Split(',')
            .Select(part => part.Trim())
            .SkipWhile(part => !part.StartsWith("password", StringComparison.OrdinalIgnoreCase))
            .Any(part => part.Length > 0 && !part.Contains('=', StringComparison.Ordinal));

    private static bool IsAddress(EndPoint endPoint) =>
        endPoint is not DnsEndPoint { Host: var host } || Uri.CheckHostName(host) != UriHostNameType.Unknown;
}
