namespace TokenAuth;

/// <summary>Passes what is written on, and keeps a copy of it until there is too much.</summary>
internal sealed class RecordingStream(Stream inner, int maxLength) : Stream
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();

    private MemoryStream? _record = new(); // null once there was too much; guarded by _gate

    /// <summary>Completes when the content has ended, with its last byte or before.</summary>
    public Task Ended => _ended.Task;

    public bool IsTooLong
    {
        get
        {
            lock (_gate)
                return _record is null;
        }
    }

    /// <summary>
    /// All bytes of the content; null while some are missing, and for good where there was too much. They are all where the content itself
    /// ended, or where its length is recorded: a connection that is reset then lacks the last bytes, and the record does not.
    /// </summary>
    /// <param name="length">The length that the content says; null when it says none.</param>
    public ArraySegment<byte>? All(long? length)
    {
        lock (_gate)
            return
                _record is { } record && (_ended.Task is { IsCompleted: true, Result: true } || record.Length == length)
                ? new(record.GetBuffer(), 0, (int)record.Length)
                : null;
    }

    /// <param name="isWhole">Whether the content ended with its last byte.</param>
    public void End(bool isWhole) => _ended.TrySetResult(isWhole);

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
        Record(buffer.AsSpan(offset, count));
        inner.Write(buffer, offset, count);
    }

#if NET
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Record(buffer);
        inner.Write(buffer);
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
        lock (_gate)
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
}
