using System.Net;
using System.Net.Http.Json;
using System.Text;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Handlers;

public sealed class RecordedBodyTests
{
    private const string Service = "http://localhost/";
    private const int Limit = 64 * 1024;

    private readonly List<string> _bodies = [];
    private readonly List<string> _headers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Failure", "54")]
    public async Task JSON_of_a_sequence_that_drains_a_queue_is_sent_again_with_the_same_bytes()
    {
        var queue = new Queue<int>([1, 2, 3]);

        var response = await PostAsync(JsonContent.Create(Drain(queue)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["[1,2,3]", "[1,2,3]"], _bodies);
    }

    [Fact]
    [Trait("Failure", "54")]
    public async Task JSON_that_drains_a_queue_inside_a_multipart_is_sent_again_with_the_same_bytes()
    {
        var queue = new Queue<int>([1, 2, 3]);

        await PostAsync(new MultipartContent("mixed", "b") { JsonContent.Create(Drain(queue)) });

        Assert.Equal(2, _bodies.Count);
        Assert.Contains("[1,2,3]", _bodies[0], StringComparison.Ordinal);
        Assert.Equal(_bodies[0], _bodies[1]);
    }

    [Theory]
    [Trait("Failure", "55")]
    [InlineData(20, true)]
    [InlineData(Limit - 1, true)]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task A_body_that_is_written_once_is_sent_again_from_its_record(int length, bool healed)
    {
        var content = new PushedContent(new string('x', length));
        content.Headers.ContentType = new("application/json");

        var response = await PostAsync(content);

        Assert.Equal(healed ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(healed ? 2 : 1, _bodies.Count);
        Assert.All(_bodies, body => Assert.Equal(length, body.Length));
        Assert.All(_headers, headers => Assert.Equal($"Content-Type: application/json{Environment.NewLine}", headers));
    }

    [Fact]
    [Trait("Failure", "55")]
    public async Task A_record_is_sent_with_the_contents_own_headers_and_length()
    {
        var content = new PushedContent("{}") { Length = 2 };
        content.Headers.ContentType = new("application/json");
        content.Headers.TryAddWithoutValidation("Content-Language", "ru");
        content.Headers.TryAddWithoutValidation("Expires", "-1");

        await PostAsync(content);

        Assert.Equal(2, _headers.Count);
        Assert.Contains("Content-Length: 2", _headers[0], StringComparison.Ordinal);
        Assert.Contains("Content-Language: ru", _headers[0], StringComparison.Ordinal);
        Assert.Contains("Expires: -1", _headers[0], StringComparison.Ordinal);
        Assert.Equal(_headers[0], _headers[1]);
    }

    [Fact]
    [Trait("Failure", "55")]
    public async Task A_short_stream_that_cannot_be_rewound_is_sent_again_from_its_record()
    {
        var response = await PostAsync(new StreamContent(new ScriptedStream("audio", " and more")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["audio and more", "audio and more"], _bodies);
    }

    [Theory]
    [Trait("Failure", "55")]
    [InlineData("multipart")]
    [InlineData("form data")]
    [InlineData("multipart in a multipart")]
    [InlineData("derived multipart")]
    public async Task A_multipart_with_a_part_of_a_derived_type_is_sent_again_from_its_record(string what)
    {
        MultipartContent content = what switch
        {
            "multipart" => new("mixed", "b") { new DerivedText("text"), new DerivedBytes([(byte)'x']) },
            "form data" => new MultipartFormDataContent("b") { { new DerivedText("text"), "a" } },
            "multipart in a multipart" => new("mixed", "b")
            {
                new MultipartContent("mixed", "c") { new DerivedText("text") },
            },
            _ => new DerivedMultipart { new StringContent("text") },
        };

        var response = await PostAsync(content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, _bodies.Count);
        Assert.Contains("text", _bodies[0], StringComparison.Ordinal);
        Assert.Equal(_bodies[0], _bodies[1]);
        Assert.Equal(_headers[0], _headers[1]);
    }

    [Theory]
    [Trait("Failure", "55")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_of_a_healed_request_sends_the_same_body_through_another_client(bool isOurs)
    {
        HttpContent? copied = null;
        var primary = new ReadingHandler(this, 401, 200) { Sees = request => copied ??= request.Content };
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = new PushedContent("{}") };
        await client.SendAsync(request, Cancellation);

        HttpMessageHandler other = new ReadingHandler(this, 200);
        using var another = new HttpMessageInvoker(
            isOurs ? AnyHandler.Of("Bearer", new FakeTokenProvider("t3"), other) : other
        );
        using var copy = new HttpRequestMessage(HttpMethod.Post, Service) { Content = copied };
        var response = await another.SendAsync(copy, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["{}", "{}", "{}"], _bodies);
    }

    [Theory]
    [Trait("Failure", "55")]
    [InlineData(20, true)]
    [InlineData(21, false)] // the rest of it is not known
    [InlineData(null, false)] // nobody knows whether that was all
    public async Task A_body_whose_sending_is_reset_is_sent_again_where_all_of_it_is_known(int? length, bool healed)
    {
        var primary = new ResettingHandler();
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), primary));
        var content = new PushedContent(new string('x', 20)) { Length = length };
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = content };

        var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(healed ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(healed ? [new string('x', 20)] : [], primary.Bodies);
    }

#if !NETSTANDARD_ASSEMBLY // which does not send synchronously
    [Fact]
    [Trait("Failure", "55")]
    public async Task A_complete_record_sends_the_same_bytes_however_often_it_is_asked()
    {
        var content = new RecordingContent(new PushedContent("{}"));
        await content.CopyToAsync(Stream.Null, Cancellation);

        var (waiting, blocking) = (new MemoryStream(), new MemoryStream());
        await content.CopyToAsync(waiting, Cancellation);
        content.CopyTo(blocking, context: null, Cancellation);

        Assert.Equal("{}", Encoding.UTF8.GetString(waiting.ToArray()));
        Assert.Equal("{}", Encoding.UTF8.GetString(blocking.ToArray()));
    }
#endif

    [Fact]
    [Trait("Failure", "55")]
    public async Task A_copy_that_is_refused_too_is_healed_from_the_same_record()
    {
        HttpContent? copied = null;
        var primary = new ReadingHandler(this, 200, 401, 200) { Sees = request => copied ??= request.Content };
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = new PushedContent("{}") };
        await client.SendAsync(request, Cancellation);

        using var copy = new HttpRequestMessage(HttpMethod.Post, Service) { Content = copied };
        var response = await client.SendAsync(copy, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["{}", "{}", "{}"], _bodies);
    }

#if !NETSTANDARD_ASSEMBLY // which does not send synchronously
    [Fact]
    [Trait("Failure", "55")]
    public void A_content_that_is_taken_for_unsent_is_sent_by_nobody_else()
    {
        var rounds = TestRun.Repeated(TestRun.IsFull ? 20_000 : 5_000);
        var contents = Enumerable.Range(0, rounds).Select(_ => new RecordingContent(new StringContent("{}"))).ToArray();
        var ended = new HttpContent?[rounds];
        var isSent = new bool[rounds];
        var arrived = 0;

        var ending = new Thread(() =>
            EachRound(i =>
            {
                Thread.SpinWait(i % 64); // the other thread has a way to go before it begins
                ended[i] = contents[i].End();
            })
        )
        {
            IsBackground = true,
        };
        ending.Start();
        EachRound(i => isSent[i] = TrySend(contents[i]));
        ending.Join();

        Assert.DoesNotContain(
            Enumerable.Range(0, rounds),
            i => isSent[i] && ReferenceEquals(ended[i], contents[i].Original)
        );

        void EachRound(Action<int> act)
        {
            for (var i = 0; i < rounds; i++)
            {
                Interlocked.Increment(ref arrived);
                var spin = new SpinWait();
                while (Volatile.Read(ref arrived) < 2 * (i + 1))
                    spin.SpinOnce(sleep1Threshold: -1);
                act(i);
            }
        }

        static bool TrySend(HttpContent content)
        {
            try
            {
                content.CopyTo(Stream.Null, context: null, Cancellation);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }
#endif

    [Fact]
    [Trait("Failure", "55")]
    public async Task The_request_keeps_its_own_content()
    {
        var content = new PushedContent("{}");
        var primary = new ReadingHandler(this, 401, 200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = content };

        var response = await client.SendAsync(request, Cancellation);

        Assert.Same(content, request.Content);
        Assert.Same(content, response.RequestMessage!.Content);
        Assert.False(content.IsDisposed);
    }

    [Fact]
    [Trait("Failure", "55")]
    public async Task A_body_that_has_not_ended_leaves_the_refusal_whole()
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var content = new PushedContent("{}") { End = new TaskCompletionSource().Task };
        var primary = new StartingHandler();
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = content };

        var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(1, primary.Sent);
        Assert.Equal(["t1"], provider.Refused);
    }

    [Theory]
    [Trait("Failure", "55")]
    [InlineData(20, true)]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task A_refusal_that_overtakes_the_end_of_a_short_body_is_healed(int length, bool healed)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var provider = new FakeTokenProvider("t1", "t2") { OnRefused = end.SetResult };
        var content = new PushedContent(new string('x', length)) { End = end.Task };
        var primary = new StartingHandler { Statuses = new([401, 200]) };
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = content };

        var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(healed ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(healed ? 2 : 1, primary.Sent);
    }

    [Fact]
    [Trait("Failure", "55")]
    public async Task A_body_that_was_refused_before_it_was_sent_is_sent_with_the_newer_token()
    {
        var statuses = new Queue<int>([401, 200]);
        var primary = new ReadingHandler(this, 200)
        {
            ReadsBodyOf = request => request.Headers.ToString().Contains("t2", StringComparison.Ordinal),
            Statuses = statuses,
        };
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service)
        {
            Content = JsonContent.Create(Drain(new Queue<int>([1, 2, 3]))),
        };

        var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["[1,2,3]"], _bodies);
    }

    [Fact]
    [Trait("Failure", "55")]
    public async Task A_sending_that_begins_after_the_body_was_sent_again_says_why_it_sends_nothing()
    {
        HttpContent? first = null;
        var primary = new ReadingHandler(this, 401, 200)
        {
            Sees = request => first ??= request.Content,
            ReadsBodyOf = request => !ReferenceEquals(first, request.Content),
        };
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = new PushedContent("{}") };
        await client.SendAsync(request, Cancellation);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            first!.CopyToAsync(Stream.Null, Cancellation)
        );

        Assert.Equal("The response came before the request's content was sent.", error.Message);
        Assert.Equal(["{}"], _bodies);
    }

    [Theory]
    [Trait("Failure", "55")]
    [InlineData(1)] // recorded while it is sent
    [InlineData(2)] // sent from the record
    public async Task A_handler_that_disposes_the_content_it_got_disposes_the_requests_own(int attempt)
    {
        HttpContent? sent = null;
        var content = new PushedContent("{}");
        var attempts = 0;
        var primary = new ReadingHandler(this, attempt == 1 ? [200] : [401, 200])
        {
            Sees = request =>
            {
                attempts++;
                sent = request.Content!;
                if (attempts == attempt)
                    sent.Dispose();
            },
            ReadsBodyOf = _ => attempts < attempt,
        };
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = content };

        await client.SendAsync(request, Cancellation);

        Assert.True(content.IsDisposed);
        Assert.NotSame(content, sent);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sent!.CopyToAsync(Stream.Null, Cancellation));
    }

    [Fact]
    [Trait("Failure", "55")]
    public async Task A_content_that_asks_its_stream_is_told_that_it_can_write_and_nothing_else()
    {
        Stream? stream = null;

        await PostAsync(new PushedContent("{}") { Sees = it => stream = it });

        Assert.True(stream!.CanWrite);
        Assert.False(stream.CanRead);
        Assert.False(stream.CanSeek);
    }

    private static IEnumerable<int> Drain(Queue<int> queue)
    {
        while (queue.TryDequeue(out var item))
            yield return item;
    }

    private async Task<HttpResponseMessage> PostAsync(HttpContent content)
    {
        using var client = new HttpMessageInvoker(
            AnyHandler.Of("Bearer", new FakeTokenProvider("t1", "t2"), new ReadingHandler(this, 401, 200))
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = content };
        return await client.SendAsync(request, Cancellation);
    }

    private sealed class ReadingHandler(RecordedBodyTests test, params int[] statuses) : HttpClientHandler
    {
        public Queue<int> Statuses { get; init; } = new(statuses);

        public Func<HttpRequestMessage, bool> ReadsBodyOf { get; init; } = _ => true;

        public Action<HttpRequestMessage> Sees { get; init; } = _ => { };

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Sees(request);
            if (ReadsBodyOf(request))
            {
                using var body = new MemoryStream();
                _ = request.Content!.Headers.ContentLength; // as a real one asks
                await request.Content.CopyToAsync(body, cancellationToken);
                test._bodies.Add(Encoding.UTF8.GetString(body.ToArray()));
                test._headers.Add(request.Content.Headers.ToString());
            }

            return new((HttpStatusCode)Statuses.Dequeue()) { RequestMessage = request };
        }
    }

    private sealed class StartingHandler : HttpClientHandler
    {
        public int Sent { get; private set; }

        public Queue<int> Statuses { get; init; } = new([401]);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Sent++;
            _ = request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return Task.FromResult(
                new HttpResponseMessage((HttpStatusCode)Statuses.Dequeue()) { RequestMessage = request }
            );
        }
    }

    /// <summary>Refuses the first request and resets its sending, as a server over HTTP/2 does that reads no body.</summary>
    private sealed class ResettingHandler : HttpClientHandler
    {
        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (request.Headers.ToString().Contains("t1", StringComparison.Ordinal))
            {
                await Assert.ThrowsAnyAsync<Exception>(() =>
                    request.Content!.CopyToAsync(new ResetStream(), cancellationToken)
                );
                return new(HttpStatusCode.Unauthorized) { RequestMessage = request };
            }

            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new(HttpStatusCode.OK) { RequestMessage = request };
        }
    }

    private sealed class ResetStream : MemoryStream
    {
        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            throw new OperationCanceledException();

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => throw new OperationCanceledException();
    }

    private sealed class DerivedText(string text) : StringContent(text);

    private sealed class DerivedBytes(byte[] bytes) : ByteArrayContent(bytes);

    private sealed class DerivedMultipart() : MultipartContent("mixed", "b");

    /// <summary>Writes what it has once, as Refit's and gRPC's contents do.</summary>
    private sealed class PushedContent(string body) : HttpContent
    {
        private bool _isWritten;

        public long? Length { get; init; }

        public Task End { get; init; } = Task.CompletedTask;

        public Action<Stream> Sees { get; init; } = _ => { };

        public bool IsDisposed { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            if (_isWritten)
                throw new InvalidOperationException("It was written already.");

            _isWritten = true;
            Sees(stream);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(body), Cancellation);
            await End;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Length ?? 0;
            return Length is not null;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
