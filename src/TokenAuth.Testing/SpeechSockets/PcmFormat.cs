using System.Buffers.Binary;

namespace TokenAuth.Testing;

/// <summary>The 16-bit PCM that a RIFF header announces, and how long the header is.</summary>
internal sealed record PcmFormat(int HeaderLength, int Channels, int SampleRate)
{
    private const int ChunkHeader = 8;
    private const int FirstChunk = 12;
    private const int FormatLength = 16;

    public int BytesPerSecond => SampleRate * Channels * sizeof(short);

    /// <summary>Reads the first bytes of an audio stream; null unless they announce 16-bit PCM.</summary>
    public static PcmFormat? Parse(ReadOnlySpan<byte> start)
    {
        if (!start.StartsWith("RIFF"u8))
            return null;

        PcmFormat? format = null;
        var at = FirstChunk;
        while (at + ChunkHeader <= start.Length)
        {
            var chunk = start[at..];
            if (chunk.StartsWith("data"u8))
                return format is null ? null : format with { HeaderLength = at + ChunkHeader };

            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("fmt "u8) && chunk.Length >= ChunkHeader + FormatLength)
                format = ParseFormat(chunk[ChunkHeader..]);
            at += ChunkHeader + (int)Math.Min(length, (uint)start.Length);
        }

        return format is null ? null : format with { HeaderLength = start.Length };
    }

    private static PcmFormat? ParseFormat(ReadOnlySpan<byte> format)
    {
        var tag = BinaryPrimitives.ReadInt16LittleEndian(format);
        var channels = BinaryPrimitives.ReadInt16LittleEndian(format[2..]);
        var sampleRate = BinaryPrimitives.ReadInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadInt16LittleEndian(format[14..]);
        return tag == 1 && bits == 16 && channels is > 0 and <= 8 && sampleRate is >= 4_000 and <= 192_000
            ? new(0, channels, sampleRate)
            : null;
    }
}
