namespace TokenAuth;

/// <summary>What came of waiting for a lease.</summary>
internal abstract record LeaseAttempt
{
    private LeaseAttempt() { }

    public sealed record Taken(ITokenLease Lease) : LeaseAttempt;

    /// <summary>Another process holds it for longer than leases last; the store works.</summary>
    public sealed record Busy : LeaseAttempt;

    /// <summary>It is not needed: meanwhile another process has stored what is a renewal.</summary>
    public sealed record Overtaken(HeldToken Stored) : LeaseAttempt;

    /// <summary>The store fails.</summary>
    public sealed record Failed : LeaseAttempt;
}
