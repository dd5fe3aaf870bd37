using System.Runtime.InteropServices;

namespace TokenAuth.Tests.Storage.Model;

/// <summary>VK Cloud: grants by number, of which the last one's refresh token is good if they are single-use.</summary>
/// <param name="Last">The number of the last grant.</param>
/// <param name="Calls">How often it was asked since tokens fell due.</param>
/// <param name="Spent">How many refresh tokens client credentials have cost.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ModelVendor(byte Last, byte Calls, byte Spent)
{
    /// <summary>Grants anew; a refresh token that is no good costs one of the project's refresh tokens.</summary>
    public ModelVendor Grant(bool isRefreshed) =>
        new((byte)(Last + 1), (byte)(Calls + 1), (byte)(isRefreshed ? Spent : Spent + 1));
}
