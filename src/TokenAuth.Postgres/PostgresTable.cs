namespace TokenAuth;

/// <summary>
/// The table and every statement on it. Nothing here lasts longer than its transaction, so that it all works behind a
/// transaction-pooling PgBouncer.
/// </summary>
internal sealed class PostgresTable
{
    /// <summary>The largest record in bytes. No grant comes near it; beyond it the database is not asked for the bytes.</summary>
    private const int MaxRecordLength = 1 << 20;

    private const string Row =
        "version, written_at, octet_length(record), CASE WHEN octet_length(record) <= 1048576 THEN record END";

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

    /// <summary>Changes nothing, and fails unless columns, types, primary key and the role's rights are as every write needs.</summary>
    public string Verify =>
        $"""
            INSERT INTO {Name} AS r (key, version, record, written_at)
            SELECT ''::text, 0::bigint, damaged, damaged_at FROM {Name} WHERE false
            ON CONFLICT (key) DO UPDATE SET version = r.version + excluded.version, record = NULL,
                damaged = r.record, damaged_at = now()
            """;

    /// <summary>
    /// The table's kind and persistence, a trigger, a rule, whether row-level security applies to this role, the owner, and whether the
    /// owner is one to trust. A superuser is a member of every role, which says nothing about their owners. No row where there is no table.
    /// </summary>
    public static string Inspect =>
        """
            SELECT c.relkind::text, c.relpersistence::text,
                (SELECT min(t.tgname::text) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
                (SELECT min(r.rulename::text) FROM pg_rewrite r WHERE r.ev_class = c.oid),
                CASE WHEN c.relkind = 'r' THEN row_security_active(c.oid) ELSE false END,
                o.rolname::text,
                o.oid = me.oid OR o.rolsuper OR o.oid = d.datdba OR o.rolname::text = $2
                    OR (NOT me.rolsuper AND pg_has_role(me.oid, o.oid, 'MEMBER'))
            FROM pg_class c
                JOIN pg_roles o ON o.oid = c.relowner
                JOIN pg_roles me ON me.rolname = current_user
                JOIN pg_database d ON d.datname = current_database()
            WHERE c.oid = to_regclass($1)
            """;

    public string Read => $"SELECT {Row} FROM {Name} WHERE key = $1";

    public string Exists => $"SELECT EXISTS (SELECT FROM {Name} WHERE key = $1)";

    /// <summary>Key and version: the row that a lease locks.</summary>
    public string AddRow => $"INSERT INTO {Name} (key, version) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    /// <summary>SET LOCAL with parameters: lease, statement and lock time-out in milliseconds.</summary>
    public static string LimitTransaction =>
        """
            SELECT set_config('idle_in_transaction_session_timeout', $1, true),
                set_config('statement_timeout', $2, true), set_config('lock_timeout', $2, true)
            """;

    /// <summary>
    /// The lease is the row's lock: it takes a right on the table, ends with its transaction, and cannot be had on a standby.
    /// </summary>
    public string TryLock => $"SELECT {Row} FROM {Name} WHERE key = $1 FOR UPDATE SKIP LOCKED";

    /// <summary>Key, expected version, new version, record: one row if the row has that version and nobody else has it locked.</summary>
    public string Write =>
        $"""
            UPDATE {Name} SET version = $3, record = $4, written_at = clock_timestamp()
            WHERE key = (SELECT key FROM {Name} WHERE key = $1 AND version = $2 FOR UPDATE SKIP LOCKED)
            """;

    /// <summary>Key and version: keeps a damaged record, or its beginning, as evidence in place of an older one.</summary>
    public string SetAside =>
        $"""
            UPDATE {Name} SET damaged = substring(record FROM 1 FOR {MaxRecordLength}), damaged_at = now(), record = NULL
            WHERE key = (
                SELECT key FROM {Name} WHERE key = $1 AND version = $2 AND record IS NOT NULL FOR UPDATE SKIP LOCKED
            )
            """;

    /// <summary>Key and new version: forgets the record and a damaged one.</summary>
    public string Remove =>
        $"""
            UPDATE {Name} SET version = $2, record = NULL, written_at = clock_timestamp(), damaged = NULL, damaged_at = NULL
            WHERE key = $1
            """;

    /// <summary>The statement that an administrator runs where the role may not create tables.</summary>
    public string Instructions =>
        $"{Create.ReplaceLineEndings(" ")}; GRANT SELECT, INSERT, UPDATE ON {Name} TO <role>;";
}
