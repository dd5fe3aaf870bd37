using System.Runtime.InteropServices;

namespace TokenAuth.Testing;

/// <summary>
/// Cuts audio into phrases by its pauses, in steps of 20 ms: how the audio was cut into messages does not matter. Audio that
/// is no 16-bit PCM is one phrase, from its first byte to its last.
/// </summary>
internal sealed class SpeechDetector
{
    private const double Loud = 300; // of 32 767: a quiet voice is louder, a quiet room is not
    private const int FramesPerSecond = 50;
    private const long UnknownBytesPerSecond = 32_000; // 16 kHz, 16 bit, mono

    private static readonly TimeSpan s_frame = TimeSpan.FromSeconds(1) / FramesPerSecond;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan s_longestPhrase = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_initialSilence = TimeSpan.FromSeconds(5);

    private readonly List<byte> _rest = [];
    private PcmFormat? _format;
    private bool _isFirst = true;
    private bool _hasHeard;
    private TimeSpan _position;
    private TimeSpan? _start;
    private TimeSpan _lastLoud;
    private long _bytes;

    /// <summary>Listens to the next bytes.</summary>
    public IEnumerable<SpeechEvent> Hear(byte[] audio)
    {
        var samples = audio;
        if (_isFirst)
        {
            _isFirst = false;
            _format = PcmFormat.Parse(audio);
            _bytes = _format?.HeaderLength ?? 0;
            samples = audio[(int)_bytes..];
        }

        return _format is null ? HearUnknown(samples) : HearPcm(samples, _format);
    }

    /// <summary>The audio has ended.</summary>
    public SpeechEvent? End()
    {
        _bytes += _rest.Count;
        _rest.Clear();
        if (_start is not null)
            return Complete();

        return _hasHeard ? null : new SpeechEvent.Silence(_position);
    }

    private IEnumerable<SpeechEvent> HearUnknown(byte[] audio)
    {
        _bytes += audio.Length;
        _lastLoud = _position = TimeSpan.FromSeconds((double)_bytes / UnknownBytesPerSecond);
        if (_start is not null || audio.Length == 0)
            yield break;

        _start = TimeSpan.Zero;
        yield return new SpeechEvent.Started(TimeSpan.Zero);
    }

    private IEnumerable<SpeechEvent> HearPcm(byte[] audio, PcmFormat format)
    {
        _rest.AddRange(audio);
        var frame = format.BytesPerSecond / FramesPerSecond & ~1;
        var used = 0;
        for (; used + frame <= _rest.Count; used += frame)
        {
            _bytes += frame;
            var isLoud = IsLoud(CollectionsMarshal.AsSpan(_rest).Slice(used, frame));
            _position += s_frame;
            if (Judge(isLoud) is { } heard)
                yield return heard;
        }

        _rest.RemoveRange(0, used);
    }

    private SpeechEvent? Judge(bool isLoud)
    {
        if (isLoud)
            _lastLoud = _position;
        if (_start is { } start)
        {
            if (_position - _lastLoud >= s_pause || _position - start >= s_longestPhrase)
                return Complete();

            var spoken = _position - start;
            return spoken.Ticks % TimeSpan.TicksPerSecond == 0
                ? new SpeechEvent.Continued(new(_bytes, start, spoken))
                : null;
        }

        if (!isLoud)
            return !_hasHeard && _position == s_initialSilence ? new SpeechEvent.Silence(_position) : null;

        _start = _position - s_frame;
        return new SpeechEvent.Started(_position - s_frame);
    }

    private SpeechEvent.Completed Complete()
    {
        var phrase = new HeardPhrase(_bytes, _start!.Value, _lastLoud - _start.Value);
        (_hasHeard, _start, _bytes) = (true, null, 0);
        return new(phrase);
    }

    private static bool IsLoud(ReadOnlySpan<byte> frame)
    {
        var sum = 0L;
        foreach (var sample in MemoryMarshal.Cast<byte, short>(frame))
            sum += Math.Abs((int)sample);
        return sum / (frame.Length / sizeof(short)) >= Loud;
    }
}
