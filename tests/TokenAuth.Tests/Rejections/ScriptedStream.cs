using System.Text;

namespace TokenAuth.Tests.Rejections;

/// <summary>A body that arrives in pieces, one a read; after the last comes its end, a failure, or nothing ever.</summary>
internal sealed class ScriptedStream(IEnumerable<byte[]> pieces, Func<CancellationToken, Task<int>>? after = null)
    : Stream
{
    private readonly Queue<byte[]> _pieces = new(pieces);
    private int _taken;

    public ScriptedStream(params string[] pieces)
        : this(pieces.Select(Encoding.UTF8.GetBytes)) { }

    public int BytesRead { get; private set; }

    public bool IsDisposed { get; private set; }

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
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_pieces.Count == 0)
            return new(after?.Invoke(cancellationToken) ?? Task.FromResult(0));

        var piece = _pieces.Peek();
        var taken = Math.Min(piece.Length - _taken, buffer.Length);
        piece.AsSpan(_taken, taken).CopyTo(buffer.Span);
        _taken += taken;
        if (_taken == piece.Length)
        {
            _pieces.Dequeue();
            _taken = 0;
        }

        BytesRead += taken;
        return new(taken);
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
