using System.IO.Compression;

namespace TokenAuth;

/// <summary>
/// Undoes the content codings of a body (RFC 9110 section 8.4.1). No request asks for one, but proxies and gateways compress what they
/// like, and a grant that cannot be read may be one of the few that exist.
/// </summary>
internal static class ContentCodings
{
    private const int MostCodings = 8; // each costs a buffer; nobody applies more than two

    public const string Undecodable = "answered in a content coding that cannot be decoded";

    /// <summary>The decoded body; none, with an error as the rest of a sentence, when it cannot be had.</summary>
    public static (ArraySegment<byte>? Body, string? Error) Decode(ArraySegment<byte> body, ICollection<string> codings)
    {
        if (codings.Count > MostCodings)
            return (null, Undecodable);

        foreach (var coding in codings.Reverse()) // they are named in the order in which they were applied
        {
            if (body.Count == 0)
                break;

            var (decoded, error) = Decode(body, coding);
            if (decoded is not { } inner)
                return (null, error);

            body = inner;
        }

        return (body, null);
    }

    private static (ArraySegment<byte>? Body, string? Error) Decode(ArraySegment<byte> body, string coding) =>
        coding.Trim().ToUpperInvariant() switch
        {
            "" or "IDENTITY" => (body, null),

            // Some proxies decompress a body and leave the header in place.
            "GZIP" or "X-GZIP" when !IsGzip(body) => (body, null),
            "GZIP" or "X-GZIP" => Read(new GZipStream(Input(body, skip: 0), CompressionMode.Decompress)),
            "DEFLATE" => Read(new DeflateStream(Input(body, IsZlib(body) ? 2 : 0), CompressionMode.Decompress)),
#if NET
            "BR" => Read(new BrotliStream(Input(body, skip: 0), CompressionMode.Decompress)),
#endif
            _ => (null, Undecodable),
        };

    private static MemoryStream Input(ArraySegment<byte> body, int skip) =>
        new(body.Array!, body.Offset + skip, body.Count - skip, writable: false);

    private static (ArraySegment<byte>? Body, string? Error) Read(Stream decoder)
    {
        using (decoder)
        {
            var buffer = new byte[ResponseBody.MaxLength + 1];
            var length = 0;
            try
            {
                int read;
                while ((read = decoder.Read(buffer, length, buffer.Length - length)) > 0)
                    length += read;
            }
            catch (Exception exception)
                when (exception is InvalidDataException or InvalidOperationException or IOException)
            {
                return (null, Undecodable); // Brotli's decoder throws an InvalidOperationException
            }

            return length > ResponseBody.MaxLength
                ? (null, ResponseBody.TooLong)
                : (new ArraySegment<byte>(buffer, 0, length), null);
        }
    }

    private static bool IsGzip(ArraySegment<byte> body) => body.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);

    // "deflate" means a zlib stream (RFC 1950), and some servers send the bare one of RFC 1951.
    private static bool IsZlib(ArraySegment<byte> body)
    {
        var bytes = body.AsSpan();

        return bytes.Length > 2 && (bytes[0] & 0x0F) == 8 && ((bytes[0] << 8) | bytes[1]) % 31 == 0;
    }
}
