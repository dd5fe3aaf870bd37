using System.Globalization;
using System.Text;

namespace TokenAuth.IntegrationTests.Handlers;

[Collection(MeasuredAlone.Name)]
public sealed class StreamedResponseTests
{
    private const long Size = 200L * 1024 * 1024;
    private const long Limit = 2 * 1024 * 1024;

    private static readonly byte[] Filler = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("image/png", true)]
    [InlineData("application/json", true)]
    [InlineData("application/json", false)]
    public async Task A_long_result_through_a_Vision_client_is_streamed(string mediaType, bool hasLength)
    {
        await using var tokens = new TokenOrigin();
        await using var vision = new RawOrigin();
        vision.Write = (_, stream) => WriteAsync(stream, mediaType, hasLength);
        using var provider = new VkCloudTokenProvider(
            new()
            {
                ClientId = "client",
                ClientSecret = "secret",
                TokenEndpoint = tokens.Address,
            }
        );
        using var client = new HttpClient(
            new OAuthTokenQueryHandler(provider) { InnerHandler = new SocketsHttpHandler() }
        );
        var copied = new CountingStream();
        await provider.GetTokenAsync(Cancellation);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        using (
            var response = await client.GetAsync(
                new Uri(vision.Address, "api/v1/objects/detect"),
                HttpCompletionOption.ResponseHeadersRead,
                Cancellation
            )
        )
            await (await response.Content.ReadAsStreamAsync(Cancellation)).CopyToAsync(copied, Cancellation);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(Size, copied.Count);
        Assert.InRange(allocated, 1, Limit);
        Report.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"200 MB of {mediaType}, {(hasLength ? "length known" : "length unknown")}: {allocated / 1024.0:F0} KB allocated, server included."
            )
        );
    }

    [Theory]
    [Trait("Failure", "57")]
    [InlineData(true, """{"body":""")]
    [InlineData(true, """{"status":200,""")]
    [InlineData(false, "")]
    public async Task A_head_is_handed_out_while_its_body_is_on_its_way(bool inQuery, string begun)
    {
        var end = new TaskCompletionSource();
        await using var service = new RawOrigin();
        service.Write = async (_, stream) =>
        {
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + begun
                )
            );
            await end.Task;
            await stream.WriteAsync(Encoding.ASCII.GetBytes(inQuery ? "{}}" : "{}"));
            await stream.DisposeAsync();
        };
        await using var tokens = new TokenOrigin();
        using var provider = new VkCloudTokenProvider(
            new()
            {
                ClientId = "client",
                ClientSecret = "secret",
                TokenEndpoint = tokens.Address,
            }
        );
        using var client = new HttpClient(
            RedirectArrangement.Handler(inQuery ? "Query" : "Bearer", provider, new SocketsHttpHandler())
        );

        using var response = await client.GetAsync(
            service.Address,
            HttpCompletionOption.ResponseHeadersRead,
            Cancellation
        );
        end.SetResult(); // not before the head is there, or this line is never reached

        Assert.Equal(begun + "{}" + (inQuery ? "}" : ""), await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task WriteAsync(Stream stream, string mediaType, bool hasLength)
    {
        var start = Encoding.ASCII.GetBytes("""{"status":200,"body":{"text":" """);
        var length = hasLength ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Size}\r\n") : "";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: {mediaType}\r\n{length}Connection: close\r\n\r\n"
            )
        );
        await stream.WriteAsync(start);
        for (var left = Size - start.Length; left > 0; left -= Filler.Length)
            await stream.WriteAsync(Filler.AsMemory(0, (int)Math.Min(left, Filler.Length)));
        await stream.DisposeAsync();
    }

    private sealed class CountingStream : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Count += count;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count += buffer.Length;
            return default;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Count += count;
            return Task.CompletedTask;
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
