namespace TokenAuth;

/// <summary>The result of waiting for a lease.</summary>
internal abstract record LeaseAttempt
{
    private LeaseAttempt() { }

    public sealed record Taken(ITokenLease Lease) : LeaseAttempt;

    /// <summary>Another process holds it for longer than leases last; the store works.</summary>
    public sealed record Busy : LeaseAttempt;

    /// <summary>The lease is not needed: another process has stored a renewal meanwhile.</summary>
    public sealed record Overtaken(HeldToken Stored) : LeaseAttempt;

    /// <summary>The store fails.</summary>
    public sealed record Failed : LeaseAttempt;
}
