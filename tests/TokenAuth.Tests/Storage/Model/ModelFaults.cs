using System.Runtime.InteropServices;

namespace TokenAuth.Tests.Storage.Model;

/// <summary>How many faults of each kind are left to happen, or have happened.</summary>
/// <param name="Crashes">A process dies and is started again with nothing in memory.</param>
/// <param name="Stalls">A process does nothing until its lease has ended, and goes on.</param>
/// <param name="LostResponses">The store, or the vendor, does what it is asked, and the response is lost.</param>
/// <param name="Outages">The store does not do what it is asked.</param>
/// <param name="Failovers">The store goes on from a copy that lacks its last write, and without its leases.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ModelFaults(byte Crashes, byte Stalls, byte LostResponses, byte Outages, byte Failovers)
{
    public int Total => Crashes + Stalls + LostResponses + Outages + Failovers;
}
