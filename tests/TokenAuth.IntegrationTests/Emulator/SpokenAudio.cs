using System.Buffers.Binary;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>WAV files of 16 kHz, 16 bit, mono: a tone where somebody speaks, nothing where nobody does.</summary>
internal static class SpokenAudio
{
    private const int SampleRate = 16_000;

    /// <summary>Seconds of speech, seconds of pause, seconds of speech …</summary>
    public static byte[] Wave(params double[] seconds)
    {
        var samples = seconds.SelectMany((length, index) => index % 2 == 0 ? Tone(length) : Silence(length)).ToArray();
        var file = new byte[44 + samples.Length * 2];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples.Length * 2);
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(44 + i * 2), samples[i]);
        return file;
    }

    private static short[] Silence(double seconds) => new short[(int)(seconds * SampleRate)];

    private static short[] Tone(double seconds) =>
        [
            .. Enumerable
                .Range(0, (int)(seconds * SampleRate))
                .Select(i => (short)(8_000 * Math.Sin(2 * Math.PI * 440 * i / SampleRate))),
        ];
}
