using System.Buffers.Binary;

namespace TokenAuth.Testing;

/// <summary>Opus silence in an Ogg container (RFC 7845; pages as RFC 3533 section 6 has them).</summary>
internal static class SilentOpus
{
    private const byte First = 0x02;
    private const byte Last = 0x04;
    private const int SamplesInPacket = 960; // 20 ms at 48 kHz

    private static ReadOnlySpan<byte> Silence => [0xF8, 0xFF, 0xFE];

    public static byte[] Create(TimeSpan duration)
    {
        var packets = (int)Math.Ceiling(duration.TotalMilliseconds / 20);
        using var file = new MemoryStream();
        // Version 1, one channel, no pre-skip, 48000 Hz, no gain, mapping 0.
        Page(file, First, 0, 0, [.. "OpusHead"u8, 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]);
        // The vendor's name and its length, no comments.
        Page(file, 0, 0, 1, [.. "OpusTags"u8, 8, 0, 0, 0, .. "emulator"u8, 0, 0, 0, 0]);
        for (var i = 0; i < packets; i++)
            Page(file, i == packets - 1 ? Last : (byte)0, (i + 1) * SamplesInPacket, i + 2, Silence);
        return file.ToArray();
    }

    private static void Page(MemoryStream file, byte kind, long samples, int number, ReadOnlySpan<byte> packet)
    {
        Span<byte> page = stackalloc byte[28 + packet.Length];
        page.Clear();
        "OggS"u8.CopyTo(page);
        page[5] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(page[6..], samples);
        page[14] = 1; // the stream's number
        BinaryPrimitives.WriteInt32LittleEndian(page[18..], number);
        page[26] = 1; // one segment
        page[27] = (byte)packet.Length;
        packet.CopyTo(page[28..]);
        BinaryPrimitives.WriteUInt32LittleEndian(page[22..], Checksum(page));
        file.Write(page);
    }

    // Ogg's CRC is not the one of System.IO.Hashing: same polynomial, other bit order.
    private static uint Checksum(ReadOnlySpan<byte> page)
    {
        var crc = 0u;
        foreach (var value in page)
        {
            crc ^= (uint)value << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
        }

        return crc;
    }
}
