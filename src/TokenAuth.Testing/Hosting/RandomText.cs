using System.Security.Cryptography;

namespace TokenAuth.Testing;

/// <summary>Text nobody can guess, in the alphabets the vendors use.</summary>
internal static class RandomText
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>As VK's tokens look.</summary>
    public static string Token(int length) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>As VK's query ids look: 32 hexadecimal digits.</summary>
    public static string QueryId() => Guid.NewGuid().ToString("n");
}
