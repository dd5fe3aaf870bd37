using System.Security.Cryptography;

namespace TokenAuth.Testing;

/// <summary>Text nobody can guess, in the alphabets the vendors use.</summary>
internal static class RandomText
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A text that looks like VK's tokens.</summary>
    public static string Token(int length) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>A text that looks like VK's query ids: 32 hexadecimal digits.</summary>
    public static string QueryId() => Guid.NewGuid().ToString("n");
}
