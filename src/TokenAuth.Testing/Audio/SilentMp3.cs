namespace TokenAuth.Testing;

/// <summary>MPEG audio layer III, mono, at a constant bit rate: frames without content are silence.</summary>
internal static class SilentMp3
{
    private const int HeaderLength = 4;

    // Kilobits a second, in the order of the header's bit rate field, which counts from 1.
    private static readonly int[] s_version1Rates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] s_version2Rates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    // In the order of the header's sampling rate field, which counts from 0.
    private static readonly int[] s_version1Samples = [44_100, 48_000, 32_000];
    private static readonly int[] s_version2Samples = [22_050, 24_000, 16_000];

    public static bool Knows(int sampleRate, int kilobits) =>
        Array.IndexOf(Rates(sampleRate), kilobits) >= 0 && Array.IndexOf(Samples(sampleRate), sampleRate) >= 0;

    public static byte[] Create(int sampleRate, int kilobits, TimeSpan duration)
    {
        var samplesInFrame = IsVersion1(sampleRate) ? 1152 : 576;
        var frameLength = samplesInFrame / 8 * kilobits * 1000 / sampleRate;
        var frames = (int)Math.Ceiling(duration.TotalSeconds * sampleRate / samplesInFrame);

        var file = new byte[frames * frameLength];
        ReadOnlySpan<byte> header =
        [
            0xFF,
            (byte)(IsVersion1(sampleRate) ? 0xFB : 0xF3), // layer III without checksum
            (byte)(
                (Array.IndexOf(Rates(sampleRate), kilobits) + 1 << 4)
                | (Array.IndexOf(Samples(sampleRate), sampleRate) << 2)
            ),
            0xC4, // mono, an original
        ];
        for (var i = 0; i < frames; i++)
            header.CopyTo(file.AsSpan(i * frameLength, HeaderLength));
        return file;
    }

    private static bool IsVersion1(int sampleRate) => sampleRate >= 32_000;

    private static int[] Rates(int sampleRate) => IsVersion1(sampleRate) ? s_version1Rates : s_version2Rates;

    private static int[] Samples(int sampleRate) => IsVersion1(sampleRate) ? s_version1Samples : s_version2Samples;
}
