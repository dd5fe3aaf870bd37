using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace TokenAuth;

/// <summary>Finds records: free, or under a lease. A damaged one is set aside, or left where it is by a session that cannot write.</summary>
internal sealed class PostgresRecords(PostgresDatabase database, TokenRecordSealer sealer, ILogger logger)
{
    private readonly PostgresWriting _writing = new(database, sealer);
    private long _toldVersion; // through Interlocked: of the damaged record that a warning has named

    /// <summary>Reads the record; null when there is none.</summary>
    public async Task<TokenRecord?> ReadAsync(PostgresSession session, string key, CancellationToken cancellationToken)
    {
        if (
            await database.Statements.ReadAsync(session.Connection, key, cancellationToken).ConfigureAwait(false)
            is not { } row
        )
        {
            // A key that was ever leased has a row: one that is not there may be hidden.
            await database.InspectAsync(session, cancellationToken).ConfigureAwait(false);

            return null;
        }

        return await OpenOrSetAsideAsync(key, row, () => TrySetAsideAsync(session, key, row.Version, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Takes the lease; null while somebody else has it.</summary>
    public async Task<PostgresTokenLease?> TryAcquireAsync(
        PostgresSession session,
        string key,
        LeaseSlot slot,
        CancellationToken cancellationToken
    )
    {
        var (transaction, exists) = await LeasedTransaction
            .TryBeginAsync(session, database.Statements, key, cancellationToken)
            .ConfigureAwait(false);
        if (!exists)
        {
            // In a transaction of its own: a row that others cannot see yet cannot be waited for.
            await database
                .Statements.AddRowAsync(session.Connection, key, RowVersion.New(), cancellationToken)
                .ConfigureAwait(false);
            (transaction, exists) = await LeasedTransaction
                .TryBeginAsync(session, database.Statements, key, cancellationToken)
                .ConfigureAwait(false);
            if (!exists)
                await database.InspectAsync(session, cancellationToken).ConfigureAwait(false);
        }

        if (transaction is null)
            return null;

        transaction.Keep(slot);
        try
        {
            var record = await OpenOrSetAsideAsync(
                    key,
                    transaction.Row,
                    async () =>
                    {
                        await transaction.SetAsideAsync(cancellationToken).ConfigureAwait(false);

                        return true;
                    }
                )
                .ConfigureAwait(false);

            return new PostgresTokenLease(_writing, key, transaction, record);
        }
        catch
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>False when the session cannot write, or somebody else has the row locked and sets the damage aside.</summary>
    private async Task<bool> TrySetAsideAsync(
        PostgresSession session,
        string key,
        long version,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await database
                .Statements.SetAsideAsync(session.Connection, key, version, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (PostgresException e) when (PostgresErrors.IsReadOnly(e))
        {
            // A standby has the damage of its primary, where the next lease sets it aside. Until then every read meets it.
            if (Interlocked.Exchange(ref _toldVersion, version) != version)
                PostgresTokenStoreLog.LeavesDamaged(logger, key, database.Table.Name);

            return false;
        }
    }

    private async Task<TokenRecord?> OpenOrSetAsideAsync(string key, StoredRow row, Func<Task<bool>> setAside)
    {
        try
        {
            return row switch
            {
                { Length: null } => null,
                { Record: { } record } => sealer.Open(key, record),
                _ => throw new InvalidDataException(
                    string.Create(CultureInfo.InvariantCulture, $"It has {row.Length} bytes; no record is that long.")
                ),
            };
        }
        catch (InvalidDataException e)
        {
            // The process that holds the lock sets the damage aside itself.
            if (await setAside().ConfigureAwait(false))
                PostgresTokenStoreLog.SetAside(logger, key, database.Table.Name, e.Message);

            return null;
        }
    }
}
