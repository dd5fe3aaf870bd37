using System.Security.Cryptography;
using System.Text;

namespace TokenAuth.StoreWorker;

/// <summary>Tells tokens apart without showing them.</summary>
internal static class Fingerprint
{
    public static string Of(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..12];
}
