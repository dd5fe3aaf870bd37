using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Providers.AzureSpeech;
using TokenAuth.Tests.Telemetry;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Lifetime;

public sealed class ProbeTests : IDisposable
{
    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedEndpoint _endpoint;

    public ProbeTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _endpoint.Answers(() => ScriptedEndpoint.Text(Jwt.ThatExpires(_time.GetUtcNow().AddMinutes(10))));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _endpoint.Dispose();

    public static TheoryData<string> WithNothingToAsk => ["static token", "key", "own provider"];

    [Theory, MemberData(nameof(WithNothingToAsk))]
    public async Task A_provider_without_a_token_endpoint_has_nothing_to_ask(string kind)
    {
        ITokenProvider provider = kind switch
        {
            "static token" => new StaticTokenProvider("the-token"),
            "key" => new SubscriptionKeyProvider("the-key"),
            _ => new FakeTokenProvider("the-token"),
        };

        var report = await provider.ProbeAsync(cancellationToken: Cancel);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(
            $"Information nothing-to-ask: {provider.GetType().Name} has no token endpoint that TokenAuth knows, so there was nothing to ask. Call the service itself to see whether it "
                + "takes this credential. See docs/troubleshooting.md#nothing-to-ask.",
            finding.ToString()
        );
        Assert.Equal($"No token was granted.{Environment.NewLine}{finding}", report.ToString());
        Assert.False(report.Works);
    }

    [Fact]
    public async Task No_provider_is_an_error() =>
        await Assert.ThrowsAsync<ArgumentNullException>(() =>
            ((ITokenProvider)null!).ProbeAsync(cancellationToken: Cancel)
        );

    [Fact]
    public async Task A_probe_that_was_given_up_before_it_began_asks_nothing()
    {
        using var azure = Azure();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            azure.ProbeAsync(cancellationToken: new CancellationToken(canceled: true))
        );

        Assert.Empty(_endpoint.Requests);
    }

    [Fact]
    public async Task A_disposed_provider_says_so()
    {
        var provider = new VkCloudTokenProvider(new() { ClientId = "id", ClientSecret = "s" }, _endpoint.Client, _time);
        provider.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => provider.ProbeAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_probe_goes_through_a_provider_around_a_provider()
    {
        using var counted = new WrappingProvider(Azure());

        var report = await counted.ProbeAsync(cancellationToken: Cancel);

        Assert.True(report.Works);
        Assert.Single(_endpoint.Requests);
    }

    [Fact]
    public async Task A_probe_goes_through_the_containers_provider()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services
            .AddTokenAuth()
            .AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("westeurope", "key"))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));
        await using var built = services.BuildServiceProvider();

        var report = await built
            .GetRequiredKeyedService<ITokenProvider>("speech")
            .ProbeAsync(cancellationToken: Cancel);

        Assert.True(report.Works);
        Assert.Equal(
            "POST https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken",
            Line(Assert.Single(_endpoint.Requests))
        );
    }

    // A store that was slow at the start is no reason to believe in what it has: nobody has asked the vendor.
    [Theory]
    [InlineData("throws")]
    [InlineData("hangs")]
    public async Task A_record_that_comes_with_the_lease_after_a_failed_read_is_no_answer(string firstRead)
    {
        var store = new ScriptedStore { Record = Theirs() };
        store.Before = (at, _) =>
            at != "read" ? Task.CompletedTask
            : firstRead == "throws" ? throw new TokenStoreException("The disk is slow.")
            : new TaskCompletionSource().Task;
        var source = new ScriptedSource(_time);
        using var provider = new CachedTokenProvider(source, new(), _time, store);

        var report = await _time.AdvanceUntilAsync(
            new EngineProbe(provider).RunAsync(isSparing: false, _ => [], Cancel),
            TimeSpan.FromSeconds(1)
        );

        Assert.Empty(report.Findings);
        Assert.Equal(1, source.Calls);
    }

    [Fact]
    public async Task A_record_that_is_first_read_while_the_lease_is_busy_is_no_answer()
    {
        var lease = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new ScriptedStore { Record = Theirs() };
        store.Before = (at, _) =>
            at == "lease" ? lease.Task
            : store.Operations.Count == 1 ? throw new TokenStoreException("The disk is slow.")
            : Task.CompletedTask;
        var source = new ScriptedSource(_time);
        using var provider = new CachedTokenProvider(source, new(), _time, store);
        var probe = new EngineProbe(provider).RunAsync(isSparing: false, _ => [], Cancel);

        await _time.AdvanceUntilAsync(
            Patience.Until(() => store.Operations.Count(operation => operation == "read") > 1),
            TimeSpan.FromMilliseconds(500),
            100
        );
        lease.SetResult();

        Assert.Empty((await probe).Findings);
        Assert.Equal(1, source.Calls);
    }

    private static string Line(WireRequest request) => $"{request.Method} {request.Address}";

    private TokenRecord Theirs() =>
        new(new TokenGrant(new AccessToken("theirs", _time.GetUtcNow() + TimeSpan.FromHours(1))), _time.GetUtcNow());

    private AzureSpeechTokenProvider Azure() =>
        new(new() { Region = "westeurope", SubscriptionKey = "key" }, _endpoint.Client, _time);
}
