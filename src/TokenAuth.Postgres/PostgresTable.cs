namespace TokenAuth;

/// <summary>
/// The table and every statement on it. Nothing here lasts longer than its transaction, so that it all works behind a
/// transaction-pooling PgBouncer.
/// </summary>
internal sealed class PostgresTable
{
    public PostgresTable(PostgresTokenStoreOptions options)
    {
        // Both are plain identifiers: the options' validator saw to it.
        Name = options.Schema is null ? $"\"{options.Table}\"" : $"\"{options.Schema}\".\"{options.Table}\"";
        Create = $"""
            CREATE TABLE IF NOT EXISTS {Name} (
                key text PRIMARY KEY,
                version bigint NOT NULL,
                record bytea,
                written_at timestamptz NOT NULL DEFAULT now(),
                damaged bytea,
                damaged_at timestamptz
            )
            """;
    }

    public string Name { get; }

    public string Create { get; }

    /// <summary>Two simultaneous CREATE TABLE IF NOT EXISTS fail on the catalogue's unique index; this makes them queue.</summary>
    public string LockForCreation => $"SELECT pg_advisory_xact_lock(hashtextextended('TokenAuth table {Name}', 0))";

    /// <summary>Changes nothing, and fails unless columns, types, primary key and the role's rights are as every write needs.</summary>
    public string Verify =>
        $"""
            INSERT INTO {Name} AS r (key, version, record, written_at)
            SELECT ''::text, 0::bigint, damaged, damaged_at FROM {Name} WHERE false
            ON CONFLICT (key) DO UPDATE SET version = r.version + excluded.version, record = NULL,
                damaged = r.record, damaged_at = now()
            """;

    public string Read => $"SELECT version, record FROM {Name} WHERE key = $1";

    /// <summary>SET LOCAL with parameters: lease, statement and lock time-out in milliseconds.</summary>
    public static string LimitTransaction =>
        """
            SELECT set_config('idle_in_transaction_session_timeout', $1, true),
                set_config('statement_timeout', $2, true), set_config('lock_timeout', $2, true)
            """;

    /// <summary>
    /// The lease: free again when its transaction ends, whatever ends it. A statement of its own before the read, so that the
    /// read's snapshot is taken after the lock.
    /// </summary>
    public string TryLock => $"SELECT pg_try_advisory_xact_lock(hashtextextended($1, '{Name}'::regclass::oid::bigint))";

    /// <summary>Key, expected version, record: replaces the record if it still has the version; one row if so.</summary>
    public string Write =>
        $"""
            INSERT INTO {Name} AS r (key, version, record) VALUES ($1, $2 + 1, $3)
            ON CONFLICT (key) DO UPDATE
                SET version = excluded.version, record = excluded.record, written_at = now()
                WHERE r.version = $2
            """;

    /// <summary>Key and version: keeps a damaged record as evidence, in place of an older one.</summary>
    public string SetAside =>
        $"""
            UPDATE {Name} SET damaged = record, damaged_at = now(), record = NULL
            WHERE key = $1 AND version = $2 AND record IS NOT NULL
            """;

    /// <summary>Key: forgets the record and a damaged one.</summary>
    public string Remove =>
        $"""
            UPDATE {Name} SET version = version + 1, record = NULL, written_at = now(), damaged = NULL, damaged_at = NULL
            WHERE key = $1
            """;

    /// <summary>What an administrator runs where the role may not create tables.</summary>
    public string Instructions =>
        $"{Create.ReplaceLineEndings(" ")}; GRANT SELECT, INSERT, UPDATE ON {Name} TO <role>;";
}
