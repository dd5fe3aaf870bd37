using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.SpeechTokenEndpoint;

/// <summary>Hosts that the provider learns with its first token, or with a newer one.</summary>
[Trait("Failure", "93")]
public sealed class LateHostsTests : IDisposable
{
    private const string Speech = "https://westeurope.tts.speech.microsoft.com/cognitiveservices/v1";

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;
    private ServiceProvider? _services;

    public LateHostsTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _services?.Dispose();
        _endpoint.Dispose();
    }

    public static TheoryData<bool> Ways { get; } =
#if NETSTANDARD_ASSEMBLY
    [true];
#else
    [true, false];
#endif

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_first_request_to_the_region_is_sent_and_healed(bool isAsync)
    {
        _endpoint.Answers(() => Answer("a.b.c"), () => Answer("d.e.f"));
        var service = new StubPrimaryHandler(401, 200);
        using var client = Client(service);

        using var response = await SendAsync(client, Speech, isAsync);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, service.Received.Count);
        Assert.Contains("Bearer a.b.c", service.Received[0], StringComparison.Ordinal);
        Assert.Contains("Bearer d.e.f", service.Received[1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Another_host_never_gets_the_token_neither_the_first_nor_one_at_hand(bool isAsync)
    {
        _endpoint.Answers(() => Answer("a.b.c"));
        var service = new StubPrimaryHandler(200);
        using var client = Client(service);

        var first = await RefusalAsync(client, "https://evil.example/", isAsync);
        var second = await RefusalAsync(client, "https://evil.example/", isAsync);

        Assert.Empty(service.Received);
        Assert.Single(_endpoint.Requests);
        Assert.Equal(first, second);
        Assert.Equal(
            "AddBearerToken(\"speech\") of HttpClient 'tts' sends no credential to 'https://evil.example': the credential is for "
                + "westeurope.stt.speech.microsoft.com, westeurope.tts.speech.microsoft.com, westeurope.s2s.speech.microsoft.com, "
                + "westeurope.voice.speech.microsoft.com and loopback. If that service may receive it, add \"evil.example\" to AllowedHosts in the options "
                + "of AddBearerToken(\"speech\") of HttpClient 'tts'.",
            first
        );
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Where_the_response_names_no_resource_nothing_is_sent(bool isAsync)
    {
        _endpoint.Answers(() => Answer("a.b.c", region: null));
        var service = new StubPrimaryHandler(200);
        using var client = Client(service);

        await RefusalAsync(client, Speech, isAsync);

        Assert.Empty(service.Received);
    }

    [Theory]
    [InlineData("http://westeurope.tts.speech.microsoft.com/", null)]
    [InlineData(Speech, "Ocp-Apim-Subscription-Key")]
    public async Task A_request_that_no_host_could_make_right_asks_for_no_token(string address, string? header)
    {
        var service = new StubPrimaryHandler(200);
        using var client = Client(service);
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        if (header is not null)
            request.Headers.Add(header, "the-key");

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, Cancel));

        Assert.Empty(service.Received);
        Assert.Empty(_endpoint.Requests);
    }

    [Fact]
    public async Task A_custom_domain_beside_the_settings_region_is_learned_too()
    {
        _endpoint.Answers(() => Answer("a.b.c", endpoint: "https://contoso.cognitiveservices.azure.com/"));
        var service = new StubPrimaryHandler(200);
        using var client = Client(service, o => o.Region = "westeurope");

        using var response = await SendAsync(client, "https://contoso.cognitiveservices.azure.com/tts", isAsync: true);

        Assert.Contains("Bearer a.b.c", Assert.Single(service.Received), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_that_moved_is_learned_with_the_next_token()
    {
        _endpoint.Answers(() => Answer("a.b.c", region: "northeurope"), () => Answer("d.e.f"));
        var service = new StubPrimaryHandler(200, 200);
        using var client = Client(service);
        await RefusalAsync(client, Speech, isAsync: true);

        _time.Advance(TimeSpan.FromMinutes(11));
        using var response = await SendAsync(client, Speech, isAsync: true);

        Assert.Contains("Bearer d.e.f", Assert.Single(service.Received), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_users_first_request_is_sent_too()
    {
        _endpoint.Answers(() => Answer("a.b.c"), () => Answer("d.e.f"));
        var service = new StubPrimaryHandler(200, 200);
        using var client = Client(service);
        using var before = await SendAsync(client, Speech, isAsync: true);

        _services!.GetRequiredKeyedService<ITokenProvider>("speech").Forget();
        using var after = await SendAsync(client, Speech, isAsync: true);

        Assert.Contains("Bearer d.e.f", service.Received[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_wrapper_it_is_the_same()
    {
        _endpoint.Answers(() => Answer("a.b.c"));
        var service = new StubPrimaryHandler(200);
        using var unused = Client(service);
        using var wrapper = new WrappingProvider(_services!.GetRequiredKeyedService<ITokenProvider>("speech"));
        using var client = new HttpClient(new BearerTokenHandler(wrapper) { InnerHandler = service });

        using var response = await SendAsync(client, Speech, isAsync: true);

        Assert.Contains("Bearer a.b.c", Assert.Single(service.Received), StringComparison.Ordinal);
    }

    private HttpClient Client(StubPrimaryHandler service, Action<SpeechTokenEndpointClientOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services
            .AddTokenAuth()
            .AddSpeechTokenEndpoint(
                "speech",
                o =>
                {
                    o.Address = new Uri("https://app.example.com/speech-token");
                    configure?.Invoke(o);
                }
            )
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));
        services.AddHttpClient("tts").ConfigurePrimaryHttpMessageHandler(() => service).AddBearerToken("speech");
        _services = services.BuildServiceProvider();

        return _services.GetRequiredService<IHttpClientFactory>().CreateClient("tts");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string address, bool isAsync)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
#if !NETSTANDARD_ASSEMBLY
        if (!isAsync)
            return client.Send(request, Cancel);
#endif
        return await client.SendAsync(request, Cancel);
    }

    private static async Task<string> RefusalAsync(HttpClient client, string address, bool isAsync) =>
        (
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await SendAsync(client, address, isAsync))
        ).Message;

    private static HttpResponseMessage Answer(string token, string? region = "westeurope", string? endpoint = null) =>
        ScriptedEndpoint.Json(
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    token,
                    region,
                    expiresIn = 600,
                    endpoint,
                }
            )
        );
}
