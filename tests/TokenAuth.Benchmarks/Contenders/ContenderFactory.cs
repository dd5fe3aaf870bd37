namespace TokenAuth.Benchmarks;

/// <summary>Makes one contender at a time, each with an endpoint of its own.</summary>
internal static class ContenderFactory
{
    public const string Ours = "TokenAuth";
    private const int TokenLength = 1064;

    // Azure.Core and MSAL take a token for old five minutes before it expires, Google.Apis.Auth three minutes and 45 seconds.
    private static readonly TimeSpan _oneSecondBeforeOld = TimeSpan.FromSeconds(301);
    private static readonly TimeSpan _oneSecond = TimeSpan.FromSeconds(1);

    public static Contender Create(string name)
    {
        var endpoint = new FakeTokenEndpoint(new string('t', TokenLength));
        var clock = new ShiftedTimeProvider();
        var stub = new StubHandler(isLater: false) { IsTakenApart = name == CallerFactory.Azure };

        return name switch
        {
            Ours => Clocked(name, endpoint, clock, stub, TokenAuth(endpoint, clock), TimeSpan.FromMinutes(56)),
            CallerFactory.Semaphore => Clocked(
                name,
                endpoint,
                clock,
                stub,
                new SemaphoreHandler(endpoint, clock),
                TimeSpan.FromMinutes(59.5)
            ),
            CallerFactory.Google => Clocked(
                name,
                endpoint,
                clock,
                stub,
                new TokenTaskHandler(GooglePeer.Create(endpoint, clock)),
                TimeSpan.FromMinutes(56.4)
            ),
            CallerFactory.Azure => OverWire(name, endpoint, AzurePipeline(stub, endpoint), _oneSecond),
            CallerFactory.Msal => OverWire(name, endpoint, Msal(stub, endpoint), _oneSecondBeforeOld),
            _ => throw new ArgumentException($"Nobody is called '{name}'.", nameof(name)),
        };
    }

    private static BearerTokenHandler TokenAuth(FakeTokenEndpoint endpoint, TimeProvider time) =>
        new(
            new VkCloudTokenProvider(
                new VkCloudOptions { ClientId = "c", ClientSecret = "s" },
                new HttpClient(endpoint),
                time
            )
        );

    private static ClockContender Clocked(
        string name,
        FakeTokenEndpoint endpoint,
        ShiftedTimeProvider clock,
        StubHandler stub,
        DelegatingHandler handler,
        TimeSpan untilAged
    )
    {
        handler.InnerHandler = stub;

        return new(name, endpoint, clock, handler, untilAged);
    }

    private static WireContender OverWire(
        string name,
        FakeTokenEndpoint endpoint,
        Func<CancellationToken, Task> send,
        TimeSpan expiring
    ) =>
        new(
            name,
            endpoint,
            send,
            name == CallerFactory.Msal ? new(TimeSpan.FromHours(1), _oneSecond) : new(TimeSpan.FromSeconds(290)),
            new(expiring)
        );

    private static Func<CancellationToken, Task> Msal(StubHandler stub, FakeTokenEndpoint endpoint)
    {
        var invoker = new HttpMessageInvoker(new TokenTaskHandler(MsalPeer.Create(endpoint)) { InnerHandler = stub });

        return cancellationToken =>
            invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, StubHandler.Address), cancellationToken);
    }

    private static Func<CancellationToken, Task> AzurePipeline(StubHandler stub, FakeTokenEndpoint endpoint)
    {
        var pipeline = AzurePeer.Create(stub, endpoint);

        return async cancellationToken =>
        {
            using var message = pipeline.CreateMessage();
            message.BufferResponse = false;
            message.Request.Uri.Reset(StubHandler.Address);
            await pipeline.SendAsync(message, cancellationToken);
        };
    }
}
