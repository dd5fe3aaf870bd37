using System.Net.Sockets;
using Npgsql;

namespace TokenAuth;

/// <summary>Tells what an exception of the driver says about the session it came over, and about the database.</summary>
internal static class PostgresErrors
{
    public static bool IsFailure(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException;

    /// <summary>Also what the driver says of a connection that broke a moment ago.</summary>
    public static bool IsLostLease(Exception e) => IsFailure(e) || e is InvalidOperationException;

    /// <summary>The session is dead, broken or cannot write: another one may be able to do what this one could not.</summary>
    public static bool IsSessionLoss(Exception e) =>
        e is PostgresException postgres
            ? postgres.InvariantSeverity is "FATAL" or "PANIC" || IsOfClass(postgres, "08") || IsReadOnly(postgres)
            : e is NpgsqlException { InnerException: IOException or SocketException };

    /// <summary>The session is on a standby, or stayed on a server that became one.</summary>
    public static bool IsReadOnly(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };

    /// <summary>A database or a pooler that is starting or slow, or has no place for one more session at the moment.</summary>
    public static bool IsNotNow(Exception? e) =>
        e is PostgresException postgres
            ? postgres.IsTransient
                || IsOfClass(postgres, "08")
                || IsOfClass(postgres, "53")
                || postgres.SqlState
                    is PostgresErrorCodes.CannotConnectNow
                        or PostgresErrorCodes.AdminShutdown
                        or PostgresErrorCodes.CrashShutdown
            : e is TimeoutException or NpgsqlException { IsTransient: true } || IsNoSuitableHost(e);

    /// <summary>None of several hosts is the primary, or can be reached. The driver has no other sign of the first than its message.</summary>
    private static bool IsNoSuitableHost(Exception? e) =>
        e is NpgsqlException { InnerException: AggregateException hosts }
            ? hosts.InnerExceptions.Any(IsNotNow)
            : e is NpgsqlException { InnerException: null } npgsql
                && npgsql.Message.StartsWith("No suitable host", StringComparison.Ordinal);

    /// <summary>A prepared statement that another session of a pooler was asked for, or has already.</summary>
    public static bool IsStrangePreparation(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement
        || (
            e.SqlState == PostgresErrorCodes.ProtocolViolation
            && e.MessageText.StartsWith("bind message supplies", StringComparison.Ordinal)
        );

    private static bool IsOfClass(PostgresException e, string code) =>
        e.SqlState.StartsWith(code, StringComparison.Ordinal);
}
