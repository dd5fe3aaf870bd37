#if !NETSTANDARD_ASSEMBLY // which does not send synchronously
using System.Net;
using System.Text;

namespace TokenAuth.Tests.Handlers;

/// <summary>Bodies that can be written once only, as a thread that waits sends them.</summary>
[Trait("Failure", "55")]
public sealed class SynchronousBodyTests
{
    private readonly List<string> _bodies = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_body_that_is_written_once_is_sent_again_from_its_record(bool asSpans)
    {
        var status = Post(stream =>
        {
            if (asSpans)
                stream.Write("body"u8);
            else
                stream.Write("a body!"u8.ToArray(), 2, 4);
        });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["body", "body"], _bodies);
    }

    [Fact]
    public void A_body_that_breaks_off_is_not_sent_again_as_if_it_were_whole()
    {
        var status = Post(stream =>
        {
            stream.Write("half a bo"u8);
            throw new IOException("The file is gone.");
        });

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal(["half a bo"], _bodies);
    }

    private HttpStatusCode Post(Action<Stream> write)
    {
        using var client = new HttpMessageInvoker(
            AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), new ReadingHandler(this, 401, 200))
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/")
        {
            Content = new WrittenContent(write),
        };
        using var response = client.Send(request, TestContext.Current.CancellationToken);

        return response.StatusCode;
    }

    private sealed class ReadingHandler(SynchronousBodyTests test, params int[] statuses) : HttpClientHandler
    {
        private readonly Queue<int> _statuses = new(statuses);

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var body = new MemoryStream();
            try
            {
                request.Content!.CopyTo(body, context: null, cancellationToken);
            }
            catch (HttpRequestException)
            {
                // As a server that refuses a request whose body breaks off.
            }

            test._bodies.Add(Encoding.UTF8.GetString(body.ToArray()));

            return new((HttpStatusCode)_statuses.Dequeue()) { RequestMessage = request };
        }
    }

    /// <summary>Writes what it has once.</summary>
    private sealed class WrittenContent(Action<Stream> write) : HttpContent
    {
        private bool _isWritten;

        protected override void SerializeToStream(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            if (_isWritten)
                throw new InvalidOperationException("It was written already.");

            _isWritten = true;
            write(stream);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
#endif
