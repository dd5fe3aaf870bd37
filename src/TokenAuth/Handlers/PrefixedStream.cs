using System.Runtime.ExceptionServices;

namespace TokenAuth;

/// <summary>
/// The bytes already taken from a stream, then the rest of it; a failure met while taking them comes where it was met.
/// </summary>
internal sealed class PrefixedStream(
    byte[] prefix,
    int length,
    Stream rest,
    IDisposable owner,
    ExceptionDispatchInfo? fault
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
        TakePrefix(buffer.AsSpan(offset, count)) is > 0 and var taken ? taken : rest.Read(buffer, offset, count);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        TakePrefix(buffer.AsSpan(offset, count)) is > 0 and var taken
            ? Task.FromResult(taken)
            : rest.ReadAsync(buffer, offset, count, cancellationToken);

#if NET
    public override int Read(Span<byte> buffer) => TakePrefix(buffer) is > 0 and var taken ? taken : rest.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        TakePrefix(buffer.Span) is > 0 and var taken ? new(taken) : rest.ReadAsync(buffer, cancellationToken);
#endif

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
            owner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int TakePrefix(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, length - _position);
        if (count == 0 && buffer.Length > 0)
            fault?.Throw();

        prefix.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
