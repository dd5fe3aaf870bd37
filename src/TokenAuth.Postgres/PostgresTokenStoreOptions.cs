namespace TokenAuth;

/// <summary>The table of <see cref="PostgresTokenStore"/>, and how the store seals its records.</summary>
public sealed class PostgresTokenStoreOptions : TokenStoreOptions
{
    /// <summary>The schema of the table. The schema has to exist.</summary>
    /// <value>
    /// An identifier of lower-case letters, digits and <c>_</c>. Unless set, the schema that the role's <c>search_path</c> leads to,
    /// usually <c>public</c>.
    /// </value>
    public string? Schema { get; set; }

    /// <summary>The table. The store creates it at the first use if the role may do so, and verifies it otherwise.</summary>
    /// <value>An identifier of lower-case letters, digits and <c>_</c>. <c>tokenauth_records</c> unless set.</value>
    public string Table { get; set; } = "tokenauth_records";

    /// <summary>
    /// A role that may own the table although the store's role is no member of it, such as the role that runs migrations. The owner of
    /// a table can read and change its records.
    /// </summary>
    /// <value>
    /// The role's name as <c>pg_roles</c> has it. Unless set, the owner has to be the store's role, a role of which it is a member, a
    /// superuser, or the database's owner.
    /// </value>
    public string? TableOwner { get; set; }

    /// <summary>
    /// The longest time that one exchange with the database may take, including the connecting. The first exchange may take three times as long. A
    /// provider never waits longer than two seconds for a read or a write, so a longer timeout helps only the wait for a lease.
    /// </summary>
    /// <value>From 100 milliseconds to 10 seconds. Two seconds unless set.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The time after which the database ends the session of a holder that does not go on. Tests shorten it.</summary>
    internal TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(20);
}
