using System.Buffers.Binary;

namespace TokenAuth.Testing;

/// <summary>A tone as 16-bit mono PCM, with or without its RIFF header.</summary>
internal static class Wave
{
    private const int HeaderLength = 44;
    private const double Hertz = 440;

    public static byte[] Riff(int sampleRate, TimeSpan duration)
    {
        var pcm = Pcm(sampleRate, duration);
        var file = new byte[HeaderLength + pcm.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16); // length of the format
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1); // PCM
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1); // mono
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), sampleRate * 2); // bytes a second
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2); // bytes a sample
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16); // bits a sample
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), pcm.Length);
        pcm.CopyTo(file, HeaderLength);
        return file;
    }

    public static byte[] Pcm(int sampleRate, TimeSpan duration)
    {
        var samples = (int)(sampleRate * duration.TotalSeconds);
        var pcm = new byte[samples * 2];
        for (var i = 0; i < samples; i++)
        {
            var level = Math.Sin(2 * Math.PI * Hertz * i / sampleRate) * short.MaxValue / 4;
            BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(i * 2), (short)level);
        }

        return pcm;
    }
}
