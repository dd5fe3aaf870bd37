using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace TokenAuth.LeakTests;

/// <summary>A way in which a secret may stand in a text, and how to write it so.</summary>
internal sealed record SecretEncoding(string Name, Func<string, IEnumerable<string>> Write)
{
    /// <summary>The twelve in which the scanner searches.</summary>
    public static IReadOnlyList<SecretEncoding> All { get; } =
    [
        new("raw", secret => [secret]),
        new("percent", secret => [Uri.EscapeDataString(secret)]),
        new("percent twice", secret => [Uri.EscapeDataString(Uri.EscapeDataString(secret))]),
        new("form", secret => [WebUtility.UrlEncode(secret)]),
        new("JSON", secret => [JsonEncodedText.Encode(secret).Value]),
        new("HTML", secret => [WebUtility.HtmlEncode(secret)]),
        new("base64", secret => Base64(Encoding.UTF8.GetBytes(secret))),
        new("base64url", secret => Base64(Encoding.UTF8.GetBytes(secret)).Select(Url)),
        new("base64 of UTF-16 LE", secret => Base64(Encoding.Unicode.GetBytes(secret))),
        new("base64 of UTF-16 BE", secret => Base64(Encoding.BigEndianUnicode.GetBytes(secret))),
        new("hexadecimal", secret => [Convert.ToHexString(Encoding.UTF8.GetBytes(secret))]),
        new("decimal bytes", secret => [string.Join(",", Encoding.UTF8.GetBytes(secret))]),
    ];

    private static string Url(string base64) => base64.Replace('+', '-').Replace('/', '_');

    // Inside a longer text that is encoded as a whole, a secret begins at one of three places of a group; the characters at its ends
    // that also hold bits of its neighbours are left out.
    private static IEnumerable<string> Base64(byte[] secret)
    {
        for (var offset = 0; offset < 3; offset++)
        {
            var whole = Convert.ToBase64String([.. new byte[offset], .. secret]).TrimEnd('=');
            var first = offset == 0 ? 0 : offset + 1;
            var spoilt = (offset + secret.Length) % 3 == 0 ? 0 : 1;

            yield return whole[first..^spoilt];
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}");
}
