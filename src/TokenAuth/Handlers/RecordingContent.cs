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

    private volatile RecordingStream? _record; // of the last sending
    private volatile bool _isClosed;

    /// <summary>
    /// Waits a moment for the rest of a short body: over HTTP/2 a refusal can overtake it. A body that takes longer, such as an open stream,
    /// stays incomplete.
    /// </summary>
    public async Task WaitForRestAsync(CancellationToken cancellationToken)
    {
        if (_record is not { Recorded: not null, Completion.Task: { IsCompleted: false } completion })
            return;

        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(completion, TimeProvider.System.Delay(s_rest, pause.Token)).ConfigureAwait(false);
        pause.Cancel();
    }

    /// <summary>What sends the same bytes again; null when that cannot be done. Nothing more is sent from here.</summary>
    public HttpContent? End()
    {
        _isClosed = true;
        if (_record is not { } record)
            return Original; // nothing has been sent of it

        return record.IsComplete && record.Recorded is { } bytes ? new RecordedContent(Original, bytes) : null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
#if NET
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        var record = Begin(stream);
        return CompleteAsync(record, Original.CopyToAsync(record, context, cancellationToken));
    }

    protected override void SerializeToStream(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        var record = Begin(stream);
        Original.CopyTo(record, context, cancellationToken);
        record.Completion.TrySetResult(true);
    }
#else
        RecordAsync(Begin(stream), context);

    private Task RecordAsync(RecordingStream record, TransportContext? context) =>
        CompleteAsync(record, Original.CopyToAsync(record, context));
#endif

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _record?.Dispose();

        base.Dispose(disposing);
    }

    private RecordingStream Begin(Stream stream)
    {
        if (_isClosed)
            throw new InvalidOperationException("The response came before the request's content was sent.");

        return _record = new(stream, MaxLength);
    }

    private static async Task CompleteAsync(RecordingStream record, Task copying)
    {
        try
        {
            await copying.ConfigureAwait(false);
            record.Completion.TrySetResult(true);
        }
        finally
        {
            record.Completion.TrySetResult(false);
        }
    }
}
