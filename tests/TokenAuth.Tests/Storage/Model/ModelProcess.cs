using System.Runtime.InteropServices;

namespace TokenAuth.Tests.Storage.Model;

/// <summary>One process: its step and what it remembers.</summary>
/// <param name="Known">The grant in its memory; 0 for none.</param>
/// <param name="Granted">What the vendor granted it and it has not stored yet; 0 for nothing.</param>
/// <param name="Leased">The record as it was when this process got the lease.</param>
/// <param name="Written">The write whose response it has not seen; 0 for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ModelProcess(ModelStep Step, byte Known, byte Granted, ModelSlot Leased, byte Written)
{
    public bool Holds => Step is ModelStep.Asking or ModelStep.Writing or ModelStep.Saving;
}
