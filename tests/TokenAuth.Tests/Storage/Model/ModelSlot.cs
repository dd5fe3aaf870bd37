using System.Runtime.InteropServices;

namespace TokenAuth.Tests.Storage.Model;

/// <summary>A record in the store.</summary>
/// <param name="Grant">The vendor's number of the grant in it.</param>
/// <param name="Write">Which write put it there: no two writes have the same number.</param>
/// <param name="Count">How many writes came before it in this copy of the store, as a counted version says.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ModelSlot(byte Grant, byte Write, byte Count);
