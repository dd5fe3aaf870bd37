using System.Net;

namespace TokenAuth;

/// <summary>The bytes that a content has sent, with its own headers and length.</summary>
internal sealed class RecordedContent(HttpContent original, ArraySegment<byte> bytes) : StandInContent(original)
{
    public override HttpContent? End() => this;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        stream.WriteAsync(bytes.Array!, bytes.Offset, bytes.Count);

#if NET
    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    ) => stream.WriteAsync(bytes.AsMemory(), cancellationToken).AsTask();

    protected override void SerializeToStream(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    ) => stream.Write(bytes.AsSpan());
#endif
}
