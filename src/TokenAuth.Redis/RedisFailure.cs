using System.Net.Sockets;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>The meaning of an exception of the client.</summary>
internal static class RedisFailure
{
    private static readonly string[] _ends = [" script: ", ". Attempted command", "\n"];

    public static bool Is(Exception e) =>
        e
            is RedisException
                or RedisCommandException
                or TimeoutException
                or IOException
                or SocketException
                or ObjectDisposedException;

    /// <summary>True when the server may serve the same command in a moment: it starts, fails over, or is full.</summary>
    public static bool IsNotReady(Exception? e) =>
        e switch
        {
            RedisServerException server => server.Kind
                is RedisErrorKind.Loading
                    or RedisErrorKind.ReadOnly
                    or RedisErrorKind.ClusterDown
                    or RedisErrorKind.MasterDown
                    or RedisErrorKind.TryAgain
                    or RedisErrorKind.NoReplicas
                    or RedisErrorKind.MaxClients
                    or RedisErrorKind.Busy,
            RedisConnectionException or TimeoutException => true,
            _ => false,
        };

    /// <summary>True when another server may be the primary by now.</summary>
    public static bool MeansNoPrimary(Exception e) =>
        e is RedisServerException { Kind: RedisErrorKind.ReadOnly }
        || (
            e is RedisConnectionException { Message: var message }
            && message.Contains("not eligible for replica", StringComparison.Ordinal)
        );

    /// <summary>True when the server refused the user or the password.</summary>
    public static bool IsAuthentication(Exception? e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            if (
                cause.Message.Contains("WRONGPASS", StringComparison.Ordinal)
                || cause.Message.Contains("NOAUTH", StringComparison.Ordinal)
            )
                return true;

        return false;
    }

    /// <summary>One clause: the client's first cause, without its statistics.</summary>
    public static string Reason(Exception e)
    {
        var cause = e;
        var connection = e as RedisConnectionException;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
            if (inner is RedisConnectionException nearer)
                connection = nearer;
        }

        return cause switch
        {
            RedisConnectionException when MeansNoPrimary(cause) => "only a replica is connected, which takes no writes",
            TimeoutException => "no response in time",
            RedisConnectionException or IOException or ObjectDisposedException when connection is not null =>
                $"no connection ({connection.FailureType})",
            _ => Clause(cause.Message),
        };
    }

    private static string Clause(string message) =>
        message
            .Split(_ends, 2, StringSplitOptions.None)[0]
            .Replace("SimpleError: ", "", StringComparison.Ordinal)
            .Replace("ERR Lua encountered an error: ", "", StringComparison.Ordinal) // Garnet's words around the error of a script
            .TrimEnd('.', ',', ' ');
}
