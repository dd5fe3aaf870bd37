using System.Net;

namespace TokenAuth;

/// <summary>
/// Sends a content that may yield other bytes the next time, or none, and keeps a record of up to 64 KiB of what is sent, so that the same
/// bytes can be sent again.
/// </summary>
internal sealed class RecordingContent(HttpContent original) : StandInContent(original)
{
    public const int MaxLength = 64 * 1024;

    private volatile RecordingStream? _record; // of the last sending
    private volatile bool _isComplete; // written by that sending alone
    private volatile bool _isClosed;

    /// <summary>What sends the same bytes again; null when that cannot be done. Nothing more is sent from here.</summary>
    public HttpContent? End()
    {
        _isClosed = true;
        if (_record is not { } record)
            return Original; // nothing has been sent of it

        return _isComplete && record.Recorded is { } bytes ? new RecordedContent(Original, bytes) : null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
#if NET
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        var record = Begin(stream);
        await Original.CopyToAsync(record, context, cancellationToken).ConfigureAwait(false);
        Complete(record);
    }

    protected override void SerializeToStream(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        var record = Begin(stream);
        Original.CopyTo(record, context, cancellationToken);
        Complete(record);
    }
#else
        RecordAsync(stream, context);

    private async Task RecordAsync(Stream stream, TransportContext? context)
    {
        var record = Begin(stream);
        await Original.CopyToAsync(record, context).ConfigureAwait(false);
        Complete(record);
    }
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

        _isComplete = false;
        return _record = new(stream, MaxLength);
    }

    private void Complete(RecordingStream record) => _isComplete = ReferenceEquals(_record, record);
}
