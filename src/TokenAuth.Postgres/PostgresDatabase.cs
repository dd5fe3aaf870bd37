using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace TokenAuth;

/// <summary>Exchanges with the database: each within its time limit, over a connection that works, with a table that is there.</summary>
internal sealed class PostgresDatabase(
    NpgsqlDataSource dataSource,
    PostgresTokenStoreOptions options,
    TimeProvider timeProvider,
    ILogger logger
)
{
    private volatile bool _tableIsVerified;

    public PostgresTable Table { get; } = new(options);

    /// <summary>Runs <paramref name="work"/>, a second time if its connection turned out to be dead.</summary>
    /// <remarks>After a restart of the database every pooled connection is dead, and only its use shows it.</remarks>
    public async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        for (var last = false; ; last = true)
        {
            try
            {
                return await WithinLimitAsync(token => OnceAsync(work, token), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!last && IsConnectionLoss(e))
            {
                // Once more: the driver has cleared its pool by now.
            }
            catch (Exception e) when (IsFailure(e))
            {
                if (e is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
                    _tableIsVerified = false; // dropped since: made again at the next use

                throw new TokenStoreException(
                    $"The PostgreSQL token store (table {Table.Name}) cannot be used: {Reason(e)}. "
                        + "Check the connection string, the state of the database and the rights of its role.",
                    e
                );
            }
        }
    }

    /// <summary>
    /// Ends the wait at the limit even where the driver does not: on a network that swallows packets, it takes as long to
    /// cancel a statement as to connect.
    /// </summary>
    public async Task<T> WithinLimitAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // The first exchange also connects, verifies the table and is compiled meanwhile, on a machine where all start at once.
        var limit = _tableIsVerified ? options.Timeout : options.Timeout * 3;
        var abandoned = new CancellationTokenSource();
        var task = Task.Run(() => work(abandoned.Token), CancellationToken.None);
        try
        {
            return await task.WaitAsync(limit, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"no answer within {limit:c}", e);
        }
        finally
        {
            _ = FinishAsync(task, abandoned);
        }
    }

    public static bool IsFailure(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException;

    private async Task<T> OnceAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var result = default(T);
        try
        {
            if (!_tableIsVerified)
            {
                await new PostgresTableSetup(Table, logger)
                    .RunAsync(connection, cancellationToken)
                    .ConfigureAwait(false);
                _tableIsVerified = true;
            }

            return result = await work(connection, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (result is not PostgresTokenLease) // which keeps its connection
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task FinishAsync<T>(Task<T> task, CancellationTokenSource abandoned)
    {
        if (!task.IsCompleted)
        {
            // Not on the caller's thread: the driver's part of cancelling blocks.
            await abandoned.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(task).ConfigureAwait(false);
            if (task.Status != TaskStatus.RanToCompletion)
                _ = task.Exception; // observed: the caller has left
            else if (await task.ConfigureAwait(false) is PostgresTokenLease lease)
                await lease.DisposeAsync().ConfigureAwait(false);
        }

        abandoned.Dispose();
    }

    private static bool IsConnectionLoss(Exception e) =>
        e is PostgresException postgres
            ? postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
                || postgres.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            : e is NpgsqlException { InnerException: IOException };

    private static string Reason(Exception e) =>
        (e is PostgresException postgres ? $"{postgres.MessageText} ({postgres.SqlState})" : e.Message).TrimEnd('.');
}
