namespace TokenAuth.Tests.Storage;

/// <summary>What a fault may do to a renewal.</summary>
public enum ChaosFaultKind
{
    /// <summary>A process dies, or is asked to end.</summary>
    Crash,

    /// <summary>A process stands still.</summary>
    Stall,

    /// <summary>A store's server ends its sessions, or answers nobody.</summary>
    Outage,

    /// <summary>A standby takes over, perhaps without the last write.</summary>
    Failover,
}
