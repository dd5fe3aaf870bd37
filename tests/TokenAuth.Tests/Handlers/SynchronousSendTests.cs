#if !NETSTANDARD_ASSEMBLY
using System.Net;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "19")]
public sealed class SynchronousSendTests
{
    private static readonly Uri Service = new("http://localhost/");

    public static TheoryData<string> Kinds { get; } = ["Bearer", "Key", "Query"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_synchronous_request_is_healed_like_an_asynchronous_one(string kind)
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var primary = new StubPrimaryHandler(401, 200);
        using var client = new HttpClient(AnyHandler.Of(kind, provider, primary));
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        using var response = client.Send(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, primary.Received.Count);
        Assert.Contains("t1", primary.Received[0], StringComparison.Ordinal);
        Assert.Contains("t2", primary.Received[1], StringComparison.Ordinal);
        Assert.Equal(["t1"], provider.Refused);
        Assert.Equal(Service, request.RequestUri);
        Assert.Empty(request.Headers);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_synchronous_request_that_fails_keeps_no_credential(string kind)
    {
        var primary = new StubPrimaryHandler(_ => throw new HttpRequestException("down"));
        using var client = new HttpMessageInvoker(AnyHandler.Of(kind, new FakeTokenProvider("t1"), primary));
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        Assert.Throws<HttpRequestException>(() => client.Send(request, TestContext.Current.CancellationToken));

        Assert.Equal(Service, request.RequestUri);
        Assert.Empty(request.Headers);
    }

    [Fact]
    public void A_synchronous_request_to_a_host_that_is_not_listed_is_not_sent()
    {
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", new FakeTokenProvider("t1"), primary));

        Assert.Throws<InvalidOperationException>(() =>
            client.Send(new(HttpMethod.Get, "https://evil.example/"), TestContext.Current.CancellationToken)
        );

        Assert.Empty(primary.Received);
    }

    [Fact]
    public void The_first_synchronous_request_turns_redirects_off()
    {
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpClient(AnyHandler.Of("Bearer", new FakeTokenProvider("t1"), primary));

        client.Send(new(HttpMethod.Get, Service), TestContext.Current.CancellationToken).Dispose();

        Assert.False(primary.AllowAutoRedirect);
    }

    [Fact]
    public void A_rule_that_fails_over_the_second_response_fails_the_request_and_leaves_no_response_behind()
    {
        var body = new ScriptedStream("accepted");
        var provider = new RuledProvider(
            new FakeTokenProvider("t1", "t2"),
            response =>
                response.StatusCode == HttpStatusCode.Unauthorized
                    ? new(true)
                    : ValueTask.FromException<bool>(new FormatException())
        );
        var primary = new StubPrimaryHandler(request =>
            request.Headers.Authorization!.Parameter == "t1"
                ? new(HttpStatusCode.Unauthorized)
                : new(HttpStatusCode.OK) { Content = new StreamContent(body) }
        );
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        Assert.Throws<FormatException>(() =>
            client.Send(new(HttpMethod.Get, Service), TestContext.Current.CancellationToken)
        );

        Assert.True(body.IsDisposed);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_does_not_deadlock_on_a_thread_that_must_not_block(string kind)
    {
        // A provider and a rule that go on wherever they were awaited, and a caller who blocks that place.
        var provider = new FakeTokenProvider("t1", "t2") { Before = async _ => await Task.Yield() };
        var primary = new StubPrimaryHandler(401, 200);
        var options = new TokenHandlerOptions
        {
            IsRejected = async (response, _) =>
            {
                await Task.Yield();
                return response.StatusCode == HttpStatusCode.Unauthorized;
            },
        };
        HttpStatusCode? status = null;

        var done = OneThread.Run(() =>
        {
            using var client = new HttpClient(AnyHandler.Of(kind, provider, primary, options));
            using var response = client.Send(new(HttpMethod.Get, Service));
            status = response.StatusCode;
        });

        Assert.True(done);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task It_does_not_deadlock_on_a_scheduler_of_one_thread()
    {
        var provider = new FakeTokenProvider("t1") { Before = async _ => await Task.Yield() };
        using var client = new HttpClient(AnyHandler.Of("Bearer", provider, new StubPrimaryHandler(200)));
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

        var sending = Task.Factory.StartNew(
            () => client.Send(new(HttpMethod.Get, Service), CancellationToken.None).StatusCode,
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler
        );

        Assert.Equal(
            HttpStatusCode.OK,
            await sending.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_token_that_must_be_awaited_is_waited_for()
    {
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpClient(AnyHandler.Of("Bearer", new AwaitedOnlyProvider("t1"), primary));

        using var response = await Task.Run(
            () => client.Send(new(HttpMethod.Get, Service), CancellationToken.None),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(["http://localhost/ Authorization: Bearer t1"], primary.Received);
    }

    [Fact]
    public async Task Where_all_is_at_hand_waiting_allocates_nothing()
    {
        Func<string, ValueTask<string>> work = static token => new(token);

        var allocated = await Task.Run(
            () =>
            {
                BlockingCall.Wait(work, "t1");
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 1_000; i++)
                    BlockingCall.Wait(work, "t1");

                return GC.GetAllocatedBytesForCurrentThread() - before;
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Waiting_asynchronously_on_a_blocked_thread_does_not_deadlock_either()
    {
        var provider = new FakeTokenProvider("t1", "t2");
        var primary = new StubPrimaryHandler(401, 200) { AnswersLater = false };

        var done = OneThread.Run(() =>
        {
            using var client = new HttpClient(AnyHandler.Of("Bearer", provider, primary));
            client.GetAsync(Service).GetAwaiter().GetResult().Dispose();
        });

        Assert.True(done);
    }

    /// <summary>A thread whose context runs posted work only when the thread is free, as a user interface's does.</summary>
    private sealed class OneThread : SynchronizationContext
    {
        public static bool Run(Action action)
        {
            Exception? failure = null;
            var thread = new Thread(() =>
            {
                SetSynchronizationContext(new OneThread());
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    failure = e;
                }
            })
            {
                IsBackground = true,
            };
            thread.Start();
            var done = thread.Join(TimeSpan.FromSeconds(10));
            return failure is null ? done : throw failure;
        }

        // The thread is blocked for as long as it lives: nothing posted ever runs.
        public override void Post(SendOrPostCallback d, object? state) { }
    }
}
#endif
