namespace TokenAuth;

/// <summary>Passes what is written on, and keeps a copy of it until there is too much.</summary>
internal sealed class RecordingStream(Stream inner, int maxLength) : Stream
{
    private MemoryStream? _record = new(); // null once there was too much

    /// <summary>Completes with the content's last byte; false where it failed before.</summary>
    public TaskCompletionSource<bool> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsComplete => Completion.Task is { Status: TaskStatus.RanToCompletion, Result: true };

    /// <summary>All that was written; null when it was too much.</summary>
    public ArraySegment<byte>? Recorded =>
        _record is { } record ? new(record.GetBuffer(), 0, (int)record.Length) : null;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override bool CanTimeout => inner.CanTimeout;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        Record(buffer.AsSpan(offset, count));
    }

#if NET
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Record(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Record(buffer.Span);
        return inner.WriteAsync(buffer, cancellationToken);
    }
#else
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Record(buffer.AsSpan(offset, count));
        return inner.WriteAsync(buffer, offset, count, cancellationToken);
    }
#endif

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Record(ReadOnlySpan<byte> bytes)
    {
        if (_record is not { } record)
            return;

        if (record.Length + bytes.Length > maxLength)
        {
            _record = null;
            return;
        }

#if NET
        record.Write(bytes);
#else
        record.Write(bytes.ToArray(), 0, bytes.Length);
#endif
    }
}
