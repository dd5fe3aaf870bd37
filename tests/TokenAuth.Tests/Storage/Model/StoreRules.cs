namespace TokenAuth.Tests.Storage.Model;

/// <summary>In which a store differs from the others.</summary>
/// <param name="FreesAtDeath">Whether the lease of a process that dies is free at once, or when it ends.</param>
/// <param name="RefusesLateWriters">Whether a write without the lease is refused while another process has it.</param>
/// <param name="Fits">The store's compare: whether the record that is there is taken for the one that was leased.</param>
internal sealed record StoreRules(
    string Name,
    bool FreesAtDeath,
    bool RefusesLateWriters,
    Func<ModelSlot, ModelSlot, bool> Fits
)
{
    /// <summary>A lock on a file; content compared with content, which has a random part.</summary>
    public static StoreRules File { get; } = new("file", true, true, (there, leased) => there.Write == leased.Write);

    /// <summary>A row's lock and a random version.</summary>
    public static StoreRules Postgres { get; } =
        new("PostgreSQL", true, true, (there, leased) => there.Write == leased.Write);

    /// <summary>A key that ends, with its owner; bytes compared with bytes.</summary>
    public static StoreRules Redis { get; } = new("Redis", false, true, (there, leased) => there.Write == leased.Write);

    /// <summary>What PostgreSQL's store did first: a version that counts writes, and comes back after a failover.</summary>
    public static StoreRules Counted { get; } =
        new("counted", true, true, (there, leased) => there.Count == leased.Count);

    /// <summary>How long a lease lasts that nobody gives back.</summary>
    public TimeSpan Lease => TimeSpan.FromSeconds(FreesAtDeath ? 20 : 18);

    public override string ToString() => Name;
}
