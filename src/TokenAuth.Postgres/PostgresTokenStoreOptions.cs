namespace TokenAuth;

/// <summary>The place of the records of <see cref="PostgresTokenStore"/>, and how it keeps them.</summary>
public sealed class PostgresTokenStoreOptions : TokenStoreOptions
{
    /// <summary>The schema of the table; it has to exist.</summary>
    /// <value>
    /// An identifier of lower-case letters, digits and <c>_</c>. Unless set, what the role's <c>search_path</c> leads to, which is
    /// <c>public</c> as a rule.
    /// </value>
    public string? Schema { get; set; }

    /// <summary>The table. The store creates it at the first use if the role may do so, and verifies it otherwise.</summary>
    /// <value>An identifier of lower-case letters, digits and <c>_</c>. <c>tokenauth_records</c> unless set.</value>
    public string Table { get; set; } = "tokenauth_records";

    /// <summary>
    /// A role that may own the table although this role is no member of it, such as the one that runs migrations. Whoever owns a table
    /// can read and change what is stored in it.
    /// </summary>
    /// <value>
    /// The role's name as <c>pg_roles</c> has it. Unless set, the owner has to be this role, one it is a member of, a superuser or the
    /// database's owner.
    /// </value>
    public string? TableOwner { get; set; }

    /// <summary>
    /// How long one exchange with the database may take, connecting included; the first one, three times as long. A provider waits no longer
    /// than two seconds for a read or a write, whatever this says. A longer timeout helps only the wait for a lease.
    /// </summary>
    /// <value>From 100 milliseconds to 10 seconds. Two seconds unless set.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>From here the database ends the session of a holder that does not go on. Tests shorten it.</summary>
    internal TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(20);
}
