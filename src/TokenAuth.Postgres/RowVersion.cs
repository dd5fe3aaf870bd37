using System.Security.Cryptography;

namespace TokenAuth;

/// <summary>Versions of rows are random, 63 bits: a counted one comes back after a failover.</summary>
internal static class RowVersion
{
    public static long New() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
}
