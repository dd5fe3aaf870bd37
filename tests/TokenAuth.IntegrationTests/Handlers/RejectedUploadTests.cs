using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace TokenAuth.IntegrationTests.Handlers;

[Trait("Failure", "24")]
public sealed class RejectedUploadTests
{
    private const string Refusal =
        """{"status":401,"body":"authorization failed, provider: mcs, reason: CONDITION/UNAUTHORIZED"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_with_a_file_is_uploaded_again_byte_for_byte()
    {
        await using var tokens = new TokenOrigin();
        await using var vision = new RawOrigin { Answer = Vision };
        using var provider = Provider(tokens);
        using var client = Client(provider);
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)], Cancellation);
        await using var stream = File.OpenRead(file);
        using var form = new MultipartFormDataContent("boundary")
        {
            { new StringContent("""{"images":[{"name":"file"}]}"""), "meta" },
            { new StreamContent(stream), "file", "picture.png" },
        };

        using var response = await client.PostAsync(vision.Address, form, Cancellation);

        Assert.Equal("""{"status":200,"body":{}}""", await response.Content.ReadAsStringAsync(Cancellation));
        var bodies = vision.Received.Select(request => request.Body).ToList();
        Assert.Equal(2, bodies.Count);
        Assert.True(bodies[0].Length > 300_000);
        Assert.Equal(bodies[0], bodies[1]);
        File.Delete(file);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_cannot_be_sent_twice_gets_the_refusal_whole_and_the_next_request_a_new_token(bool buffered)
    {
        await using var tokens = new TokenOrigin();
        await using var vision = new RawOrigin { Answer = Vision };
        using var provider = Provider(tokens);
        using var client = Client(provider);
        using var request = new HttpRequestMessage(HttpMethod.Post, vision.Address)
        {
            Content = new StreamContent(new OneWayStream(new MemoryStream(new byte[100_000]))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");

        using var response = await client.SendAsync(
            request,
            buffered ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead,
            Cancellation
        );
        using var next = await client.GetAsync(vision.Address, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Refusal, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(Encoding.UTF8.GetByteCount(Refusal), response.Content.Headers.ContentLength);
        Assert.Equal("""{"status":200,"body":{}}""", await next.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(2, vision.Received.Count);
        Assert.Equal(2, tokens.Issued);
    }

    private static string Vision(RawRequest request) =>
        RawOrigin.Json(
            200,
            request.Target.Contains("oauth_token=token-1", StringComparison.Ordinal)
                ? Refusal
                : """{"status":200,"body":{}}"""
        );

    private static VkCloudTokenProvider Provider(TokenOrigin tokens) =>
        new(
            new()
            {
                ClientId = "client",
                ClientSecret = "secret",
                TokenEndpoint = tokens.Address,
            }
        );

    private static HttpClient Client(ITokenProvider provider) =>
        new(new OAuthTokenQueryHandler(provider) { InnerHandler = new SocketsHttpHandler() });

    private sealed class OneWayStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
