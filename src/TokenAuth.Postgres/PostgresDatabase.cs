using Microsoft.Extensions.Logging;
using Npgsql;

namespace TokenAuth;

/// <summary>Exchanges with the database: each within its time limit, over a session that works, with a table that is there.</summary>
internal sealed class PostgresDatabase(
    PostgresSessions sessions,
    PostgresTokenStoreOptions options,
    TimeProvider timeProvider,
    ILogger logger
)
{
    private readonly PostgresTableSetup _setup = new(new PostgresTable(options), options, logger);

    private volatile bool _tableIsVerified;

    public PostgresTable Table { get; } = new(options);

    public PostgresStatements Statements { get; } = new(new PostgresTable(options), options);

    public PostgresFailure Failure { get; } = new(new PostgresTable(options), sessions.PreparesAutomatically);

    /// <summary>
    /// Runs <paramref name="work"/>, and once more if its session turned out to be dead or unable to write: after a restart or a failover of
    /// the database every pooled one is, and only its use shows it.
    /// </summary>
    /// <param name="tooLate">Takes a result that comes after the caller has left.</param>
    /// <exception cref="TokenStoreException">The database failed.</exception>
    public Task<T> RunAsync<T>(
        Func<PostgresSession, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        Func<T, ValueTask>? tooLate = null
    ) => RunAsync(work, writes: true, tooLate, cancellationToken);

    /// <summary>Runs <paramref name="work"/> in the same way. While there is no primary, a standby will do.</summary>
    /// <exception cref="TokenStoreException">The database failed.</exception>
    public Task<T> RunReadAsync<T>(
        Func<PostgresSession, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    ) => RunAsync(work, writes: false, tooLate: null, cancellationToken);

    /// <summary>
    /// Ends the wait at the limit even where the driver does not: on a network that swallows packets, it takes as long to
    /// cancel a statement as to connect. The work begins in any case, for it may have something to give back.
    /// </summary>
    public async Task<T> WithinLimitAsync<T>(
        Func<CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        Func<T, ValueTask>? tooLate = null
    )
    {
        // The first exchange also connects, verifies the table and is compiled meanwhile, on a machine where all start at once.
        var limit = _tableIsVerified ? options.Timeout : options.Timeout * 3;
        var abandoned = new CancellationTokenSource();
        if (cancellationToken.IsCancellationRequested)
            abandoned.Cancel(); // the work only gives back what it has
        var task = Task.Run(() => work(abandoned.Token), CancellationToken.None);
        var isTaken = false;
        try
        {
            var result = await task.WaitAsync(limit, timeProvider, cancellationToken).ConfigureAwait(false);
            isTaken = true;

            return result;
        }
        catch (TimeoutException e) when (!task.IsFaulted)
        {
            throw new TimeoutException($"no answer within {limit:c}", e);
        }
        finally
        {
            _ = FinishAsync(task, abandoned, isTaken ? null : tooLate);
        }
    }

    /// <summary>Looks again at a table that has not the row it should have.</summary>
    /// <exception cref="TokenStoreException">The table hides rows, or is not the store's any more.</exception>
    public async Task InspectAsync(PostgresSession session, CancellationToken cancellationToken) =>
        await _setup.InspectAsync(session.Connection, cancellationToken).ConfigureAwait(false);

    private async Task<T> RunAsync<T>(
        Func<PostgresSession, CancellationToken, Task<T>> work,
        bool writes,
        Func<T, ValueTask>? tooLate,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();

        try
        {
            return await WithinLimitAsync(token => RepeatAsync(work, writes, token), cancellationToken, tooLate)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e))
        {
            if (e is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
                _tableIsVerified = false; // dropped since: made again at the next use

            throw Failure.Of(e);
        }
    }

    private async Task<T> RepeatAsync<T>(
        Func<PostgresSession, CancellationToken, Task<T>> work,
        bool writes,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var session = await sessions.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
                try
                {
                    await VerifyTableAsync(session, writes, cancellationToken).ConfigureAwait(false);

                    return await work(session, cancellationToken).ConfigureAwait(false);
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
                {
                    await ExplainDenialAsync(session, cancellationToken).ConfigureAwait(false);
                    throw;
                }
                catch (Exception e) when (PostgresErrors.IsSessionLoss(e) && !cancellationToken.IsCancellationRequested)
                {
                    await sessions.DiscardAsync(session, e, cancellationToken).ConfigureAwait(false);
                    if (attempt >= (PostgresErrors.IsReadOnly(e) ? 2 : sessions.Attempts))
                        throw;
                }
        }
    }

    // Row-level security denies an insert in the same words as a right that is missing.
    private async Task ExplainDenialAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        try
        {
            await InspectAsync(session, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            // The transaction has failed and answers nothing any more: the denial is explanation enough.
        }
    }

    private async Task VerifyTableAsync(PostgresSession session, bool writes, CancellationToken cancellationToken)
    {
        if (_tableIsVerified)
            return;

        try
        {
            await _setup.RunAsync(session.Connection, cancellationToken).ConfigureAwait(false);
            _tableIsVerified = true;
        }
        catch (PostgresException e) when (!writes && PostgresErrors.IsReadOnly(e))
        {
            // A standby refuses the verification, which is a write, and has the record. The first write verifies.
        }
    }

    // A result that came in the very moment in which its caller left is as late as one that comes afterwards: nobody else will see it.
    internal static async Task FinishAsync<T>(
        Task<T> task,
        CancellationTokenSource abandoned,
        Func<T, ValueTask>? tooLate
    )
    {
        if (!task.IsCompleted)
            await abandoned.CancelAsync().ConfigureAwait(false); // not on the caller's thread: the driver's part of cancelling blocks
        await Task.WhenAny(task).ConfigureAwait(false);
        if (task.Status != TaskStatus.RanToCompletion)
            _ = task.Exception; // observed: the caller has left
        else if (tooLate is not null)
            await tooLate(await task.ConfigureAwait(false)).ConfigureAwait(false);

        abandoned.Dispose();
    }
}
