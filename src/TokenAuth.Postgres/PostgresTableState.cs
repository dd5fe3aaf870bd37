using Npgsql;

namespace TokenAuth;

/// <summary>The table as the catalogue describes it.</summary>
internal sealed record PostgresTableState(
    string Kind,
    bool IsTemporary,
    string? Trigger,
    string? Rule,
    bool HidesRows,
    string Owner,
    bool IsOwnerTrusted
)
{
    public static PostgresTableState From(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetString(1) == "t",
            reader.IsDBNull(2) ? null : reader.GetString(2),
            reader.IsDBNull(3) ? null : reader.GetString(3),
            reader.GetBoolean(4),
            reader.GetString(5),
            reader.GetBoolean(6)
        );

    /// <summary>The reason why no token may be kept in the table, as the end of a sentence; null when nothing is wrong.</summary>
    public string? Objection =>
        this switch
        {
            { Kind: not "r" } => $"is {KindName}; the token store needs a plain table",
            { IsTemporary: true } => "is temporary; the token store needs a plain table",
            { Trigger: { } trigger } => $"has the trigger '{trigger}', which sees every record; drop it",
            { Rule: { } rule } => $"has the rule '{rule}', which changes what a statement does; drop it",
            { HidesRows: true } =>
                "has row-level security that applies to this role and may hide records; exempt the role (ALTER ROLE … BYPASSRLS) or disable it",
            { IsOwnerTrusted: false } =>
                $"belongs to the role '{Owner}', which could read and change what this one stores; make another role "
                    + $"its owner, or say PostgresTokenStoreOptions.TableOwner = \"{Owner}\" if that is meant",
            _ => null,
        };

    private string KindName =>
        Kind switch
        {
            "v" => "a view",
            "m" => "a materialized view",
            "f" => "a foreign table",
            "p" => "a partitioned table",
            _ => $"no table (relkind '{Kind}')",
        };
}
