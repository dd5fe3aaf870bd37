using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TokenAuth.Testing;

/// <summary>
/// One message of the Speech SDK's protocol: header lines, then text or bytes. Header names ignore case. A binary message
/// says in its first two bytes how long its header lines are.
/// </summary>
internal sealed record SpeechMessage(IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    private const string EndOfHeaders = "\r\n\r\n";
    private const int LengthOfLength = sizeof(ushort);

    public string Path => Headers.GetValueOrDefault("Path", "");

    public string RequestId => Headers.GetValueOrDefault("X-RequestId", "");

    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Reads a message; a malformed one has no headers.</summary>
    public static SpeechMessage Parse(byte[] bytes, bool isBinary)
    {
        var (headers, body) = isBinary ? SplitBinary(bytes) : SplitText(bytes);
        return new(ParseHeaders(headers), body);
    }

    public static byte[] WriteText(string requestId, string path, string json) =>
        Encoding.UTF8.GetBytes(
            $"X-RequestId:{requestId}\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}{EndOfHeaders}{json}"
        );

    public static byte[] WriteAudio(string requestId, string contentType, ReadOnlySpan<byte> audio)
    {
        var headers = Encoding.ASCII.GetBytes(
            $"X-RequestId:{requestId}\r\nContent-Type:{contentType}\r\nX-StreamId:S1\r\nPath:audio\r\n"
        );
        var message = new byte[LengthOfLength + headers.Length + audio.Length];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)headers.Length);
        headers.CopyTo(message, LengthOfLength);
        audio.CopyTo(message.AsSpan(LengthOfLength + headers.Length));
        return message;
    }

    private static (string Headers, ReadOnlyMemory<byte> Body) SplitBinary(byte[] bytes)
    {
        if (bytes.Length < LengthOfLength)
            return ("", default);

        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.Length < LengthOfLength + length
            ? ("", default)
            : (Encoding.ASCII.GetString(bytes, LengthOfLength, length), bytes.AsMemory(LengthOfLength + length));
    }

    private static (string Headers, ReadOnlyMemory<byte> Body) SplitText(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        return end < 0
            ? (Encoding.UTF8.GetString(bytes), default)
            : (Encoding.UTF8.GetString(bytes, 0, end), bytes.AsMemory(end + EndOfHeaders.Length));
    }

    private static Dictionary<string, string> ParseHeaders(string lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        return headers;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path}, {Body.Length} bytes");
}
