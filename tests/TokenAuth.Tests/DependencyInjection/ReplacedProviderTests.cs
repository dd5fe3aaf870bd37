using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using TokenAuth.Tests.Handlers;

namespace TokenAuth.Tests.DependencyInjection;

/// <summary>A test's registration over the application's, which comes first and has no secret.</summary>
[Trait("Failure", "79")]
public sealed class ReplacedProviderTests
{
    private static readonly Uri _voice = new("https://voice.mcs.mail.ru/asr");

    private readonly StubPrimaryHandler _primary = new(200);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("voice")]
    [InlineData("VOICE")]
    public async Task The_fake_serves_without_any_secret(string name)
    {
        using var services = Services(tokens => tokens.ReplaceProvider(name, new FakeTokenProvider("fake")));

        Start(services);

        Assert.Equal("fake", (await Provider(services, "voice").GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    public async Task The_hosts_of_the_replaced_provider_stay()
    {
        using var services = Services(tokens => tokens.ReplaceProvider("voice", new FakeTokenProvider("fake")));
        using var client = Client(services, "Voice");

        await client.GetAsync(_voice, Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.GetAsync(new Uri("https://evil.example/"), Cancel)
        );

        Assert.Equal([$"{_voice} Authorization: Bearer fake"], _primary.Received);
    }

    [Fact]
    public async Task The_rules_of_the_replaced_provider_stay()
    {
        var fake = new FakeTokenProvider("fake-1", "fake-2");
        var answers = new Queue<string>(["""{"error":{"code":4048}}""", "{}"]);
        var primary = new StubPrimaryHandler(_ => new HttpResponseMessage(
            answers.Count == 2 ? HttpStatusCode.BadRequest : HttpStatusCode.OK
        )
        {
            Content = new StringContent(answers.Dequeue(), null, "application/json"),
        });
        using var services = Services(tokens => tokens.ReplaceProvider("voice", fake), primary);
        using var client = Client(services, "Voice");

        using var response = await client.GetAsync(_voice, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["fake-1"], fake.Refused);
    }

    [Fact]
    public async Task A_static_token_is_a_fake_too_and_has_no_hosts_to_bring()
    {
        using var services = Services(tokens => tokens.ReplaceProvider("voice", new StaticTokenProvider("fake")));
        using var client = Client(services, "Voice");

        await client.GetAsync(_voice, Cancel);

        Assert.Equal([$"{_voice} Authorization: Bearer fake"], _primary.Received);
    }

    [Fact]
    public async Task A_fake_that_brings_its_own_hosts_and_rules_is_taken_at_its_word()
    {
        var fake = new FakeAudience();
        using var services = Services(tokens => tokens.ReplaceProvider("voice", fake));
        using var client = Client(services, "Voice");

        await client.GetAsync(new Uri("https://fake.example/"), Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetAsync(_voice, Cancel));

        Assert.Equal(["https://fake.example/ Authorization: Bearer fake"], _primary.Received);
        Assert.Equal(1, fake.Judged);
    }

    [Theory]
    [InlineData("Speech", "https://westeurope.stt.speech.microsoft.com/", "Authorization: Bearer fake")]
    [InlineData("Keyed", "https://westeurope.api.cognitive.microsoft.com/", "Ocp-Apim-Subscription-Key: fake")]
    public async Task Azures_hosts_stay_for_tokens_and_for_keys(string client, string address, string header)
    {
        using var services = Services(tokens =>
            tokens
                .ReplaceProvider("voice", new FakeTokenProvider("other"))
                .ReplaceProvider("speech", new FakeTokenProvider("fake"))
        );
        using var http = Client(services, client);

        await http.GetAsync(new Uri(address), Cancel);

        Assert.Equal([$"{address} {header}"], _primary.Received);
    }

    [Fact]
    public void The_resource_of_the_replaced_provider_stays()
    {
        using var services = Services(tokens =>
            tokens
                .ReplaceProvider("voice", new FakeTokenProvider("other"))
                .ReplaceProvider("speech", new FakeTokenProvider("fake"))
        );

        var resource = Assert.IsAssignableFrom<IAzureSpeechResource>(Provider(services, "speech"));

        Assert.Equal(("westeurope", true), (resource.Region, resource.GrantsServiceTokens));
    }

    [Theory]
    [InlineData("westeurope", "westeurope")]
    [InlineData("West Europe", null)]
    [InlineData(null, null)]
    public async Task The_resource_and_hosts_of_an_endpoint_stay(string? region, string? expected)
    {
        var collection = new ServiceCollection();
        collection
            .AddTokenAuth()
            .AddSpeechTokenEndpoint("app", o => o.Region = region)
            .ReplaceProvider("app", new FakeTokenProvider("fake"));
        collection.AddHttpClient("App").AddBearerToken("app").ConfigurePrimaryHttpMessageHandler(() => _primary);
        using var services = collection.BuildServiceProvider();
        using var client = Client(services, "App");
        var address = new Uri("https://westeurope.stt.speech.microsoft.com/");

        var failure = await Record.ExceptionAsync(() => client.GetAsync(address, Cancel));

        var resource = Assert.IsAssignableFrom<IAzureSpeechResource>(Provider(services, "app"));
        Assert.Equal((expected, true), (resource.Region, resource.GrantsServiceTokens));
        Assert.Equal(expected is null, failure is InvalidOperationException);
        Assert.Equal(expected is null ? [] : [$"{address} Authorization: Bearer fake"], _primary.Received);
    }

    [Fact]
    public void An_unknown_name_stops_the_start_and_lists_the_known_ones()
    {
        using var services = Services(tokens =>
            tokens
                .ReplaceProvider("vioce", new FakeTokenProvider("fake"))
                .ReplaceProvider("voice", new FakeTokenProvider("fake"))
                .ReplaceProvider("speech", new FakeTokenProvider("fake"))
        );

        var error = Assert.Throws<OptionsValidationException>(() => Start(services));

        Assert.Equal(
            [
                "ReplaceProvider(\"vioce\"): No token provider is named 'vioce'; the registered ones are 'speech', 'voice'.",
            ],
            error.Failures
        );
    }

    [Fact]
    public void What_is_not_replaced_is_checked_as_ever()
    {
        using var services = Services(
            tokens => tokens.ReplaceProvider("voice", new FakeTokenProvider("fake")),
            hasKey: false
        );

        var error = Assert.Throws<OptionsValidationException>(() => Start(services));

        Assert.Equal(
            ["TokenAuth:speech:SubscriptionKey is missing; copy a key from the resource's page in the Azure portal."],
            error.Failures
        );
    }

    [Fact]
    public async Task The_last_fake_of_a_name_counts_also_if_it_comes_before_the_registration()
    {
        var collection = new ServiceCollection();
        collection
            .AddTokenAuth()
            .ReplaceProvider("mine", new FakeTokenProvider("first"))
            .ReplaceProvider("MINE", new FakeTokenProvider("second"));
        collection.AddTokenAuth().AddProvider("mine", _ => throw new InvalidOperationException("needs a secret"));
        using var services = collection.BuildServiceProvider();

        Start(services);

        Assert.Equal("second", (await Provider(services, "mine").GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    public async Task Every_kind_of_provider_can_be_replaced()
    {
        var collection = new ServiceCollection();
        collection
            .AddTokenAuth()
            .AddStaticToken("static", "")
            .AddTokenSource("source", _ => throw new InvalidOperationException("needs a secret"))
            .AddProvider("own", _ => throw new InvalidOperationException("needs a secret"));
        foreach (var name in new[] { "static", "source", "own" })
            collection.AddTokenAuth().ReplaceProvider(name, new FakeTokenProvider(name));
        using var services = collection.BuildServiceProvider();

        Start(services);

        foreach (var name in new[] { "static", "source", "own" })
            Assert.Equal(name, (await Provider(services, name).GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    public async Task The_engine_of_a_fake_is_seen_through_it()
    {
        var clock = TimeProvider.System;
        var source = new ScriptedSource(clock) { Answer = (_, _) => throw new TokenAcquisitionException("refused") };
        using var engine = new CachedTokenProvider(source, timeProvider: clock);
        using var services = Services(tokens => tokens.ReplaceProvider("voice", engine));
        await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await Provider(services, "voice").GetTokenAsync(TimeSpan.FromMinutes(5), Cancel)
        );

        var health = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
    }

    [Fact]
    public async Task The_fake_stays_its_makers_to_dispose()
    {
        var fake = new FakeAudience();
        var services = Services(tokens => tokens.ReplaceProvider("voice", fake));
        _ = Provider(services, "voice");

        await services.DisposeAsync();

        Assert.False(fake.IsDisposed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void A_replacement_needs_a_name(string? name) =>
        Assert.Throws<ArgumentException>(
            nameof(name),
            () => new ServiceCollection().AddTokenAuth().ReplaceProvider(name!, new FakeTokenProvider("fake"))
        );

    [Fact]
    public void A_replacement_needs_a_provider() =>
        Assert.Throws<ArgumentNullException>(
            "provider",
            () => new ServiceCollection().AddTokenAuth().ReplaceProvider("voice", null!)
        );

#if !NETSTANDARD_ASSEMBLY
    [Fact]
    public void A_store_that_nobody_would_use_needs_no_key()
    {
        var collection = new ServiceCollection();
        collection.AddTokenAuth().AddVkCloud("voice", _ => { }).UseFileStore();
        collection.AddTokenAuth().ReplaceProvider("voice", new FakeTokenProvider("fake"));
        using var services = collection.BuildServiceProvider();

        Start(services);
    }
#endif

    private ServiceProvider Services(
        Action<TokenAuthBuilder> replace,
        HttpMessageHandler? primary = null,
        bool hasKey = true
    )
    {
        var values = new Dictionary<string, string?>
        {
            ["TokenAuth:voice:Provider"] = "VkCloud",
            ["TokenAuth:voice:ClientId"] = "mcs.voice",
            ["TokenAuth:speech:Provider"] = "AzureSpeech",
            ["TokenAuth:speech:Region"] = "westeurope",
            ["TokenAuth:speech:SubscriptionKey"] = hasKey ? "k-1" : null,
        };
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddTokenAuth(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("TokenAuth"));
        services.AddHttpClient("Voice").AddBearerToken("voice");
        services.AddHttpClient("Speech").AddBearerToken("speech");
        services.AddHttpClient("Keyed").AddSubscriptionKey("speech");
        services.AddHealthChecks().AddTokenAuth();

        services.ConfigureHttpClientDefaults(http =>
            http.ConfigurePrimaryHttpMessageHandler(() => primary ?? _primary)
        );
        replace(services.AddTokenAuth());

        return services.BuildServiceProvider();
    }

    private static void Start(IServiceProvider services) => services.GetRequiredService<IStartupValidator>().Validate();

    private static ITokenProvider Provider(IServiceProvider services, string name) =>
        services.GetRequiredKeyedService<ITokenProvider>(name);

    private static HttpClient Client(IServiceProvider services, string name) =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    private sealed class FakeAudience : ITokenProvider, ITokenAudience, IDisposable
    {
        public int Judged { get; private set; }

        public bool IsDisposed { get; private set; }

        public IReadOnlyCollection<string> AllowedHosts => ["fake.example"];

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            new(new AccessToken("fake"));

        public void Invalidate(AccessToken rejected) { }

        public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
        {
            Judged++;

            return new(false);
        }

        public void Dispose() => IsDisposed = true;
    }
}
