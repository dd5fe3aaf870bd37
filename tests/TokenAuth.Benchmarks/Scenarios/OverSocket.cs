using System.Net.Http.Headers;

namespace TokenAuth.Benchmarks;

/// <summary>Bytes that a request over a real connection allocates, whatever the token's length.</summary>
internal sealed class OverSocket : IScenario
{
    private const int WarmUps = 2_000;
    private const int Requests = 100;
    private const int Runs = 5;
    private static readonly TimeSpan _answerTime = TimeSpan.FromMilliseconds(1);

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var server = new LoopbackServer("audio/wave", "x");
        var rows = new List<Row>();
        var ours = new Dictionary<int, double>();
        foreach (var length in new[] { 64, 1064, 4096 })
        {
            var token = new string('t', length);
            using var byDefault = new HttpClient(Primary()) { BaseAddress = server.Address };
            byDefault.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var byHandler = new HttpClient(Ours(token)) { BaseAddress = server.Address };
            var endpoint = new FakeTokenEndpoint(token);
            using var semaphore = Peer(server, new SemaphoreHandler(endpoint, TimeProvider.System));
            using var google = Peer(server, new TokenTaskHandler(GooglePeer.Create(endpoint, TimeProvider.System)));
            using var msal = Peer(server, new TokenTaskHandler(MsalPeer.Create(endpoint)));

            var floor = await AllocatedAsync(server, byDefault);
            ours[length] = await AllocatedAsync(server, byHandler);
            rows.Add(
                new(
                    $"Bearer over a loopback socket, {length} characters",
                    "bytes, × DefaultRequestHeaders",
                    ours[length] / floor
                )
                {
                    IsGoal = length == 1064,
                    Target = length == 1064 ? Limit.Counted(0.55) : null,
                    Peers = new Dictionary<string, double>
                    {
                        [CallerFactory.Semaphore] = await AllocatedAsync(server, semaphore) / floor,
                        [CallerFactory.Google] = await AllocatedAsync(server, google) / floor,
                        [CallerFactory.Msal] = await AllocatedAsync(server, msal) / floor,
                    },
                }
            );
        }

        rows.Add(
            new("Bearer over a loopback socket", "bytes more for 1064 characters than for 64", ours[1064] - ours[64])
            {
                Target = Limit.Counted(0),
                Format = "0",
            }
        );

        return rows;
    }

    private static SocketsHttpHandler Primary() => new() { AllowAutoRedirect = false, UseCookies = false };

    private static BearerTokenHandler Ours(string token) =>
        new(new StaticTokenProvider(token)) { InnerHandler = Primary() };

    private static HttpClient Peer(LoopbackServer server, DelegatingHandler handler)
    {
        handler.InnerHandler = Primary();

        return new HttpClient(handler) { BaseAddress = server.Address };
    }

    // The middle of some runs: a background thread may allocate meanwhile.
    private static async Task<double> AllocatedAsync(LoopbackServer server, HttpClient client)
    {
        server.Delay = TimeSpan.Zero;
        await SendAsync(client, WarmUps);
        server.Delay = _answerTime;

        var bytes = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await SendAsync(client, Requests);
            bytes.Add((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests);
        }

        return Medians.Of(bytes);
    }

    private static async Task SendAsync(HttpClient client, int count)
    {
        for (var i = 0; i < count; i++)
            using (await client.GetAsync("tts")) { }
    }
}
