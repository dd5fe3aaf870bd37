using System.IO.Compression;
using System.Net;
using System.Text;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Wire;

[Trait("Failure", "66")]
public sealed class ContentCodingTests : IDisposable
{
    private const string Granted = """{"access_token":"access-1","refresh_token":"refresh-1","expired_in":"3600"}""";

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly VkCloudTokenProvider _provider;

    public ContentCodingTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _provider = new VkCloudTokenProvider(
            new VkCloudOptions
            {
                ClientId = "mcs1.voice.2",
                ClientSecret = "the-secret",
                RefreshToken = "refresh-0",
                ProviderName = "vk",
            },
            _endpoint.Client,
            _time
        );
    }

    public void Dispose()
    {
        _provider.Dispose();
        _endpoint.Dispose();
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "deflate")] // without the frame it should have
    [InlineData("identity", "")]
    [InlineData("deflate, gzip", "zlib gzip")]
    [InlineData("gzip, gzip", "gzip gzip")]
    [InlineData("gzip", "")] // a proxy that decompressed it left the header
#if !NETSTANDARD_ASSEMBLY
    [InlineData("br", "br")]
    [InlineData("gzip, br", "gzip br")]
#endif
    public async Task A_grant_that_nobody_asked_to_be_compressed_is_a_grant(string header, string applied)
    {
        _endpoint.Answers(() => Coded(HttpStatusCode.OK, header, applied, Encoding.UTF8.GetBytes(Granted)));

        Assert.Equal("access-1", (await GetAsync()).Value);
    }

    [Fact]
    public async Task A_compressed_refusal_says_what_it_says()
    {
        _endpoint.Answers(
            () => Coded(HttpStatusCode.Forbidden, "gzip", "gzip", "<html>Blocked</html>"u8.ToArray()),
            () => Coded(HttpStatusCode.Forbidden, "gzip", "gzip", """{"error":"invalid_grant"}"""u8.ToArray()),
            () => Coded(HttpStatusCode.OK, "gzip", "gzip", Encoding.UTF8.GetBytes(Granted))
        );

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        Assert.True(error.IsTransient);
        Assert.Single(_endpoint.Requests);

        Assert.Equal("access-1", (await GetAsync()).Value);
        Assert.Contains("client_credentials", _endpoint.Requests[2].Body);
    }

    [Fact]
    public async Task An_empty_body_has_no_coding()
    {
        _endpoint.Answers(() => Coded(HttpStatusCode.BadRequest, "gzip", "", []), () => ScriptedEndpoint.Json(Granted));

        Assert.Equal("access-1", (await GetAsync()).Value);
    }

    [Theory]
    [InlineData("zstd", "")]
    [InlineData("compress", "gzip")]
    [InlineData("gzip", "gzip spoilt")]
    [InlineData("deflate", "spoilt")]
    [InlineData("gzip, no-such-coding", "gzip")]
#if !NETSTANDARD_ASSEMBLY
    [InlineData("br", "gzip")]
#endif
    public async Task What_cannot_be_decoded_is_an_invalid_response(string header, string applied)
    {
        _endpoint.Answers(() => Coded(HttpStatusCode.OK, header, applied, Encoding.UTF8.GetBytes(Granted)));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "VK Cloud's token endpoint gave provider 'vk' an invalid response: it answered in a content coding that cannot be decoded. Check VkCloudOptions.TokenEndpoint.",
            error.Message
        );
        Assert.True(error.IsTransient);
        Assert.Equal(HttpStatusCode.OK, error.StatusCode);
        Assert.Null(error.InnerException);
    }

    [Fact]
    public async Task Half_a_coding_is_half_a_grant()
    {
        _endpoint.Answers(() => Coded(HttpStatusCode.OK, "gzip", "gzip cut", Encoding.UTF8.GetBytes(Granted)));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.StartsWith("VK Cloud's token endpoint gave provider 'vk' an invalid response: ", error.Message);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData("gzip", 64 * 1024, true)]
    [InlineData("gzip", (64 * 1024) + 1, false)]
    [InlineData("gzip", 50 * 1024 * 1024, false)]
    [InlineData("zlib", (64 * 1024) + 1, false)]
    [InlineData("gzip gzip", 50 * 1024 * 1024, false)]
    public async Task It_is_decoded_to_64_KiB_and_no_further(string applied, int length, bool isRead)
    {
        var body = new byte[length];
        Array.Fill(body, (byte)' ');
        Encoding.UTF8.GetBytes(Granted).CopyTo(body, 0);
        var response = Coded(HttpStatusCode.OK, applied.Replace("zlib", "deflate").Replace(" ", ", "), applied, body);
        _endpoint.Answers(() => response);

        if (isRead)
        {
            Assert.Equal("access-1", (await GetAsync()).Value);
            return;
        }

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        Assert.EndsWith("it answered with more than 64 KiB. Check VkCloudOptions.TokenEndpoint.", error.Message);
    }

    [Fact, Trait("Failure", "4")]
    public void A_body_in_a_hundred_codings_is_refused_before_it_costs_memory()
    {
        const int layers = 100;
        var body = Encoding.UTF8.GetBytes(Granted);
        for (var layer = 0; layer < layers; layer++)
            body = Applied("gzip smallest", body);
        var codings = Enumerable.Repeat("gzip", layers).ToList();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var (decoded, error) = ContentCodings.Decode(new ArraySegment<byte>(body), codings);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Null(decoded);
        Assert.Equal(ContentCodings.Undecodable, error);
        Assert.InRange(allocated, 0, 2_000_000);
    }

    private static HttpResponseMessage Coded(HttpStatusCode status, string header, string applied, byte[] body)
    {
        foreach (var coding in applied.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            body = Applied(coding, body);
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Encoding", header);

        return new HttpResponseMessage(status) { Content = content };
    }

    private static byte[] Applied(string coding, byte[] body)
    {
        if (coding == "cut")
            return body[..^12];
        if (coding == "spoilt")
            return [.. body.Take(12), .. body.Skip(12).Select(b => (byte)~b)];

        using var bytes = new MemoryStream();
        using (
            Stream encoder = coding switch
            {
                "gzip" => new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true),
                "gzip smallest" => new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true),
                "zlib" => new ZLibStream(bytes, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true),
                _ => new DeflateStream(bytes, CompressionLevel.Fastest, leaveOpen: true),
            }
        )
            encoder.Write(body);

        return bytes.ToArray();
    }

    private Task<AccessToken> GetAsync() =>
        _time.AdvanceUntilAsync(
            _provider.GetTokenAsync(TestContext.Current.CancellationToken).AsTask(),
            TimeSpan.FromMilliseconds(100),
            200
        );
}
