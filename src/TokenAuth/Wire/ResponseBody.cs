using System.Text;

namespace TokenAuth;

/// <summary>Reads a token endpoint's body: to a bound, and as the text it says it is.</summary>
internal static class ResponseBody
{
    /// <summary>The largest body that is looked at, in bytes; a grant is a few kilobytes.</summary>
    public const int MaxLength = 64 * 1024;

    public const string TooLong = "answered with more than 64 KiB";
    public const string Undecodable = "answered in an encoding that cannot be read";

    /// <summary>A body that was read as text; none, with an error as the rest of a sentence, when it has none that can be read.</summary>
    public static (string? Text, string? Error) Text(byte[]? read, HttpContent? content)
    {
        if (read is not { } whole)
            return (null, TooLong);

        var (body, error) = ContentCodings.Decode(
            new ArraySegment<byte>(whole),
            content?.Headers.ContentEncoding ?? []
        );
        if (body is not { } decoded)
            return (null, error);

        return Decode(decoded, content?.Headers.ContentType?.CharSet) is { } text ? (text, null) : (null, Undecodable);
    }

    /// <summary>The whole body; null when it is longer than <see cref="MaxLength"/>.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content is null)
            return [];

#if NET
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        using var stream = await content.ReadAsStreamAsync().ConfigureAwait(false);
        using var abort = cancellationToken.Register(static s => ((Stream)s!).Dispose(), stream);
#endif
        var buffer = new byte[MaxLength + 1];
        var length = 0;
        while (length < buffer.Length)
        {
#if NET
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
#else
            var read = await stream
                .ReadAsync(buffer, length, buffer.Length - length, cancellationToken)
                .ConfigureAwait(false);
#endif
            if (read == 0)
                return buffer.AsSpan(0, length).ToArray();

            length += read;
        }

        return null;
    }

    /// <summary>
    /// Decodes by byte order mark, then by the declared charset where the bytes can be in it, else as UTF-8, which JSON is in whatever the
    /// header says (RFC 8259 section 8.1); null when the bytes do not fit.
    /// </summary>
    public static string? Decode(ArraySegment<byte> body, string? charset)
    {
        try
        {
            var (encoding, skip) = Marked(body) ?? (Named(charset, body), 0);

            return encoding.GetString(body.Array!, body.Offset + skip, body.Count - skip);
        }
        catch (ArgumentException)
        {
            return null; // bytes that are not valid in the encoding
        }
    }

    private static (Encoding, int)? Marked(ArraySegment<byte> body)
    {
        var bytes = body.AsSpan();

        return bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? (Utf8, 3)
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? (Utf16(bigEndian: false), 2)
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? (Utf16(bigEndian: true), 2)
            : null;
    }

    private static UTF8Encoding Utf8 { get; } = new(false, throwOnInvalidBytes: true);

    private static Encoding Named(string? charset, ArraySegment<byte> body) =>
        charset?.Trim('"').ToUpperInvariant() switch
        {
            "UTF-16" or "UTF-16LE" when MayBeUtf16(body) => Utf16(bigEndian: false),
            "UTF-16BE" when MayBeUtf16(body) => Utf16(bigEndian: true),
            "ISO-8859-1" => Encoding.GetEncoding("iso-8859-1"),
            _ => Utf8,
        };

    // A brace, a quotation mark, a letter of a token: half of each is a zero.
    private static bool MayBeUtf16(ArraySegment<byte> body) => body.AsSpan().IndexOf((byte)0) >= 0;

    private static UnicodeEncoding Utf16(bool bigEndian) =>
        new(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true);
}
