using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.IntegrationTests.Wire;

[Trait("Failure", "4")]
[Collection(MeasuredAlone.Name)]
public sealed class LargeAnswerTests
{
    private const int Allowed = 2_000_000;
    private const int Megabyte = 1024 * 1024;

    private static readonly byte[] _megabyte = Enumerable.Repeat((byte)' ', Megabyte).ToArray();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200 MiB", 200)]
    [InlineData("200 MiB", 503)]
    [InlineData("200 MiB", 401)]
    [InlineData("endless chunks", 200)]
    [InlineData("gzip bomb", 200)]
    [InlineData("gzip bomb, decompressed", 200)]
    [InlineData("brotli bomb, decompressed", 200)]
    public async Task A_large_answer_is_read_to_a_bound(string kind, int status)
    {
        var bomb = Bomb(kind);
        await using var origin = new RawOrigin { Write = (_, stream) => WriteAsync(stream, kind, status, bomb) };
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = kind.Contains("decompressed", StringComparison.Ordinal)
                    ? DecompressionMethods.All
                    : DecompressionMethods.None,
            }
        );
        await FailAsync(origin, client, status); // the first time loads code

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await FailAsync(origin, client, status);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Report.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kind} with {status}: {allocated:N0} bytes allocated, {Allowed:N0} allowed."
            )
        );
        Assert.InRange(allocated, 0, Allowed);
    }

    private static async Task FailAsync(RawOrigin origin, HttpClient client, int status)
    {
        using var provider = new VkCloudTokenProvider(Options.Vk(origin), client);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await provider.GetTokenAsync(Cancel)
        );

        Assert.Equal(status, (int)error.StatusCode!);
        if (status == 200)
            Assert.Equal(
                "VK Cloud's token endpoint gave provider 'VkCloud' an invalid response: it answered with more than 64 KiB. Check VkCloudOptions.TokenEndpoint.",
                error.Message
            );
    }

    private static async Task WriteAsync(Stream stream, string kind, int status, byte[] bomb)
    {
        var head = kind switch
        {
            "200 MiB" => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {200 * Megabyte}\r\n"),
            "endless chunks" => "Transfer-Encoding: chunked\r\n",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"Content-Encoding: {(kind.StartsWith("gzip", StringComparison.Ordinal) ? "gzip" : "br")}\r\nContent-Length: {bomb.Length}\r\n"
            ),
        };
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\n{head}\r\n"
                )
            ),
            Cancel
        );

        if (kind == "200 MiB")
            for (var sent = 0; sent < 200; sent++)
                await stream.WriteAsync(_megabyte, Cancel);
        else if (kind == "endless chunks")
            while (true)
            {
                await stream.WriteAsync("100000\r\n"u8.ToArray(), Cancel);
                await stream.WriteAsync(_megabyte, Cancel);
                await stream.WriteAsync("\r\n"u8.ToArray(), Cancel);
            }
        else
            await stream.WriteAsync(bomb, Cancel);
    }

    private static byte[] Bomb(string kind)
    {
        if (!kind.Contains("bomb", StringComparison.Ordinal))
            return [];

        var bomb = new MemoryStream();
        using (
            Stream packing = kind.StartsWith("gzip", StringComparison.Ordinal)
                ? new GZipStream(bomb, CompressionLevel.Fastest)
                : new BrotliStream(bomb, CompressionLevel.Fastest)
        )
            for (var packed = 0; packed < 200; packed++)
                packing.Write(_megabyte);

        return bomb.ToArray();
    }
}
