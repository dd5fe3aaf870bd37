namespace TokenAuth.Testing;

/// <summary>MPEG-1 layer III, 128 kbit/s, 44.1 kHz, mono: frames without content are silence.</summary>
internal static class SilentMp3
{
    private const int FrameLength = 417; // 144 × 128000 / 44100
    private static readonly TimeSpan s_frame = TimeSpan.FromSeconds(1152 / 44100.0);

    private static ReadOnlySpan<byte> Header => [0xFF, 0xFB, 0x90, 0xC4];

    public static byte[] Create(TimeSpan duration)
    {
        var frames = (int)Math.Ceiling(duration / s_frame);
        var file = new byte[frames * FrameLength];
        for (var i = 0; i < frames; i++)
            Header.CopyTo(file.AsSpan(i * FrameLength));
        return file;
    }
}
