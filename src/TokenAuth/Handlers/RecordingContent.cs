using System.Net;

namespace TokenAuth;

/// <summary>
/// Sends a content that may yield other bytes the next time, or none, and keeps a record of up to 64 KiB of what is sent, so that the same
/// bytes can be sent again.
/// </summary>
internal sealed class RecordingContent(HttpContent original) : StandInContent(original)
{
    public const int MaxLength = 64 * 1024;

    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();

    private RecordingStream? _record; // of the last sending; guarded by _gate
    private bool _isHandedOver; // to another sending, unsent; guarded by _gate

    /// <summary>Sends the request's body: the bytes once all of them are recorded, the content itself before.</summary>
    public HttpContent Current => Recorded is { } bytes ? new RecordedContent(Original, bytes) : Original;

    private ArraySegment<byte>? Recorded
    {
        get
        {
            var length = Original.Headers.ContentLength;
            lock (_gate)
                return _record?.All(length);
        }
    }

    /// <summary>
    /// Waits a moment for the rest of a short body: over HTTP/2 a refusal can overtake it. A body that takes longer, such as an open stream,
    /// stays incomplete.
    /// </summary>
    public async Task WaitForRestAsync(CancellationToken cancellationToken)
    {
        RecordingStream? record;
        lock (_gate)
            record = _record;
        if (record is not { IsTooLong: false, Ended: { IsCompleted: false } ended })
            return;

        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(ended, TimeProvider.System.Delay(s_rest, pause.Token)).ConfigureAwait(false);
        pause.Cancel();
    }

    public override HttpContent? End()
    {
        lock (_gate)
        {
            _isHandedOver = _record is null;
            if (_isHandedOver)
                return Original; // nothing has been sent of it
        }

        return Recorded is { } bytes ? new RecordedContent(Original, bytes) : null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
#if NET
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    ) =>
        Begin(stream, out var recorded) is { } record
            ? EndAsync(record, Original.CopyToAsync(record, context, cancellationToken))
            : stream.WriteAsync(recorded.AsMemory(), cancellationToken).AsTask();

    protected override void SerializeToStream(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        if (Begin(stream, out var recorded) is not { } record)
        {
            stream.Write(recorded.AsSpan());
            return;
        }

        var isWhole = false;
        try
        {
            Original.CopyTo(record, context, cancellationToken);
            isWhole = true;
        }
        finally
        {
            record.End(isWhole);
        }
    }
#else
        Begin(stream, out var recorded) is { } record
            ? EndAsync(record, Original.CopyToAsync(record, context))
            : stream.WriteAsync(recorded.Array!, recorded.Offset, recorded.Count);
#endif

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _record?.Dispose();

        base.Dispose(disposing);
    }

    // Null: all is recorded. A handler below that sends once more, or somebody who has a copy of the request, sends the same bytes.
    private RecordingStream? Begin(Stream stream, out ArraySegment<byte> recorded)
    {
        var length = Original.Headers.ContentLength;
        lock (_gate)
        {
            if (_isHandedOver)
                throw new InvalidOperationException("The response came before the request's content was sent.");

            if (_record?.All(length) is { } all)
            {
                recorded = all;
                return null;
            }

            recorded = default;
            return _record = new(stream, MaxLength);
        }
    }

    private static async Task EndAsync(RecordingStream record, Task copying)
    {
        var isWhole = false;
        try
        {
            await copying.ConfigureAwait(false);
            isWhole = true;
        }
        finally
        {
            record.End(isWhole);
        }
    }
}
