using Npgsql;

namespace TokenAuth;

/// <summary>The exceptions of the store: what happened, and what to do.</summary>
internal sealed class PostgresFailure(PostgresTable table, bool preparesAutomatically)
{
    public TokenStoreException Of(Exception e) =>
        e switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => NotAllowed(denied),
            PostgresException postgres when preparesAutomatically && PostgresErrors.IsStrangePreparation(postgres) =>
                new(
                    $"The PostgreSQL token store (table {table.Name}) cannot be used: the data source prepares statements automatically, "
                        + "and a pooler that pools transactions runs them in sessions that do not know them. Set Max Auto Prepare to 0 in the "
                        + "data source's connection string, or max_prepared_statements in PgBouncer from 1.21.",
                    e
                ),
            _ => new(
                $"The PostgreSQL token store (table {table.Name}) cannot be used: {Reason(e)}. "
                    + "Check the connection string, the state of the database and the rights of its role.",
                e
            ),
        };

    public TokenStoreException NotAllowed(PostgresException e) =>
        new(
            $"The role may not use the table {table.Name} ({e.MessageText}). "
                + $"Run as its owner: GRANT SELECT, INSERT, UPDATE ON {table.Name} TO <role>;",
            e
        );

    /// <summary>Explains why a write was refused whose lease had ended.</summary>
    /// <param name="leased">The row as it was leased.</param>
    /// <param name="current">The row that refused the write; null when there is none.</param>
    public static TokenStoreException Refused(string key, StoredRow leased, StoredRow? current) =>
        new(
            current is not { } row ? $"The record {key} was not written: its row was deleted after it had been leased."
            : row.Version == leased.Version
                ? $"The record {key} was not written: this process's lease has ended, and another process holds the lease now."
            : row.WrittenAt < leased.WrittenAt
                ? $"The record {key} was not written: the database has gone back to an older record (a failover or a restored backup), "
                    + "which stays."
            : row.Length is null
                ? $"The record {key} was not written: it was removed after it had been leased, and stays removed."
            : $"The record {key} was written by another process after this one's lease had ended; the newer record stays."
        );

    private static string Reason(Exception e) =>
        (e is PostgresException postgres ? $"{postgres.MessageText} ({postgres.SqlState})" : e.Message).TrimEnd('.');
}
