using System.Runtime.ExceptionServices;

namespace TokenAuth;

/// <summary>
/// The bytes already taken from a content's stream, then the rest of it; a failure met while taking them comes where it was met.
/// The content owns the stream.
/// </summary>
internal sealed class PrefixedStream(
    byte[] prefix,
    int length,
    Stream rest,
    HttpContent owner,
    ExceptionDispatchInfo? error
) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        HasPrefix() ? TakePrefix(buffer.AsSpan(offset, count)) : rest.Read(buffer, offset, count);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        HasPrefix()
            ? Task.FromResult(TakePrefix(buffer.AsSpan(offset, count)))
            : rest.ReadAsync(buffer, offset, count, cancellationToken);

#if NET
    public override int Read(Span<byte> buffer) => HasPrefix() ? TakePrefix(buffer) : rest.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        HasPrefix() ? new(TakePrefix(buffer.Span)) : rest.ReadAsync(buffer, cancellationToken);
#endif

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            owner.Dispose();

        base.Dispose(disposing);
    }

    // Also asked by a read of no bytes, which waits for the next ones: it must not wait for those behind the prefix.
    private bool HasPrefix()
    {
        if (_position < length)
            return true;

        error?.Throw();
        return false;
    }

    private int TakePrefix(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, length - _position);
        prefix.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
