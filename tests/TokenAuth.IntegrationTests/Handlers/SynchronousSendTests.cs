using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.IntegrationTests.Handlers;

[Trait("Failure", "19")]
public sealed class SynchronousSendTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Send_on_a_single_threaded_context_fetches_places_and_renews()
    {
        var tokens = new TokenOrigin();
        var api = new RawOrigin { Answer = RefuseTheFirst };
        using var services = Services(tokens);

        var status = SingleThread.Run(() =>
        {
            using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
            using var request = new HttpRequestMessage(HttpMethod.Post, api.Address)
            {
                Content = new StringContent("{}"),
            };
            using var response = client.Send(request, Cancellation);
            return response.StatusCode;
        });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, api.Received.Count);
        Assert.Equal(2, tokens.Issued);
    }

    [Fact]
    public void Blocking_on_an_asynchronous_request_on_a_single_threaded_context_does_not_deadlock()
    {
        var tokens = new TokenOrigin();
        var api = new RawOrigin { Answer = RefuseTheFirst };
        using var services = Services(tokens);

        var status = SingleThread.Run(() =>
        {
            using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
            using var response = client.GetAsync(api.Address, Cancellation).GetAwaiter().GetResult();
            return response.StatusCode;
        });

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public void Fifty_threads_that_block_share_one_renewal()
    {
        var tokens = new TokenOrigin();
        var api = new RawOrigin { Answer = RefuseTheFirst };
        using var services = Services(tokens);
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var statuses = new ConcurrentBag<HttpStatusCode>();

        var threads = Enumerable
            .Range(0, 50)
            .Select(_ => new Thread(() =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, api.Address);
                using var response = client.Send(request);
                statuses.Add(response.StatusCode);
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());

        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(30))));
        Assert.Equal(50, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(2, tokens.Issued);
    }

    private static string RefuseTheFirst(RawRequest request) =>
        RawOrigin.Reply(request.Head.Contains("token-1", StringComparison.Ordinal) ? 401 : 200);

    private static ServiceProvider Services(TokenOrigin tokens)
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddVkCloud(
                "vk",
                o => (o.ClientId, o.ClientSecret, o.TokenEndpoint) = ("client", "secret", tokens.Address)
            );
        services.AddHttpClient("api").AddBearerToken("vk");
        return services.BuildServiceProvider();
    }

    /// <summary>A thread whose context runs posted work only when the thread is free, as a user interface's does.</summary>
    private sealed class SingleThread : SynchronizationContext
    {
        public static T Run<T>(Func<T> work)
        {
            var result = new TaskCompletionSource<T>();
            var thread = new Thread(() =>
            {
                SetSynchronizationContext(new SingleThread());
                try
                {
                    result.SetResult(work());
                }
                catch (Exception e)
                {
                    result.SetException(e);
                }
            })
            {
                IsBackground = true,
            };
            thread.Start();
            Assert.True(thread.Join(TimeSpan.FromSeconds(30)), "deadlock");
            return result.Task.GetAwaiter().GetResult();
        }

        // The thread is blocked for as long as it lives: nothing posted ever runs.
        public override void Post(SendOrPostCallback d, object? state) { }
    }
}
