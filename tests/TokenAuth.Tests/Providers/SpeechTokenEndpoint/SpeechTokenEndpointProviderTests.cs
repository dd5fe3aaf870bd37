using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenAuth.Testing;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.SpeechTokenEndpoint;

public sealed class SpeechTokenEndpointProviderTests : IDisposable
{
    private const string Address = "https://app.example.com/speech-token";

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly RecordedLogs _logs = new();
    private ServiceProvider? _services;

    public SpeechTokenEndpointProviderTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _services?.Dispose();
        _endpoint.Dispose();
    }

    [Fact]
    public async Task The_request_is_an_empty_POST_through_the_applications_own_client()
    {
        _endpoint.Answers(() => Answer());

        var token = await Provider().GetTokenAsync(Cancel);

        Assert.Equal("a.b.c", token.Value);
        var request = Assert.Single(_endpoint.Requests);
        Assert.Equal(("POST", Address, ""), (request.Method, request.Address, request.Body));
        Assert.Equal("Bearer signed-in", request.Headers["Authorization"]);
        Assert.Equal("XMLHttpRequest", request.Headers["X-Requested-With"]);
        Assert.Equal("application/json", request.Headers["Accept"]);
    }

    [Fact]
    public async Task A_proxy_that_asks_for_credentials_is_a_matter_of_the_applications_own_client()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.ProxyAuthenticationRequired));

        var failure = await FailureAsync(Provider());

        Assert.EndsWith(
            "or set Proxy.Credentials or DefaultProxyCredentials of the primary handler (HttpClient 'Api').",
            failure.Message,
            StringComparison.Ordinal
        );
    }

#if !NETSTANDARD_ASSEMBLY // it cannot read HttpRequestError
    [Fact]
    public async Task A_name_that_cannot_be_resolved_is_a_matter_of_the_address()
    {
        _endpoint.Answer = (_, _) => throw new HttpRequestException(HttpRequestError.NameResolutionError);

        var failure = await FailureAsync(Provider());

        Assert.EndsWith("Check TokenAuth:speech:Address, and DNS.", failure.Message, StringComparison.Ordinal);
    }
#endif

    [Theory]
    [InlineData("431", 431)]
    [InlineData("\"431\"", 431)]
    [InlineData("600", 600)]
    [InlineData("86400", 600)] // no token of Azure Speech lives longer
    [InlineData("null", null)]
    [InlineData("-1", null)]
    public async Task A_token_lives_as_long_as_the_response_says_from_the_request_on(string expiresIn, int? seconds)
    {
        _endpoint.Answers(() =>
            ScriptedEndpoint.Json(
                $$"""{"token":"a.b.c","expiresIn":{{expiresIn}},"expiresAt":"1999-01-01T00:00:00Z"}"""
            )
        );
        var provider = Provider();

        if (seconds is null)
            Assert.Equal(
                $"The endpoint {Address} gave provider 'speech' an invalid response: it answered with an expiresIn that is no number of seconds. Check "
                    + "TokenAuth:speech:Address, and that the endpoint's shape is Json.",
                (await FailureAsync(provider)).Message
            );
        else
            Assert.Equal(_time.GetUtcNow().AddSeconds(seconds.Value), (await provider.GetTokenAsync(Cancel)).ExpiresAt);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "application/json", null, true)]
    [InlineData(HttpStatusCode.Unauthorized, "text/html", null, false)] // a firewall's page: a newer token would not please it
    [InlineData(HttpStatusCode.OK, "application/grpc", "16", true)]
    [InlineData(HttpStatusCode.OK, "application/grpc", "7", false)]
    [InlineData(HttpStatusCode.Forbidden, "application/json", null, false)]
    public async Task The_services_refusals_are_those_of_Azure_Speech(
        HttpStatusCode status,
        string mediaType,
        string? grpcStatus,
        bool isRejected
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri("https://westeurope.tts.speech.microsoft.com/")
        )
        {
            Content = new ByteArrayContent([]),
        };
        using var response = new HttpResponseMessage(status)
        {
            RequestMessage = request,
            Content = new StringContent("", null, mediaType),
        };
        if (grpcStatus is not null)
            response.Headers.Add("grpc-status", grpcStatus);

        Assert.Equal(isRejected, await ((ITokenAudience)Provider()).IsRejectedAsync(response, Cancel));
    }

    [Fact]
    public async Task Without_a_life_it_serves_for_a_minute()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json("""{"token":"a.b.c"}"""));

        Assert.Equal(_time.GetUtcNow().AddMinutes(1), (await Provider().GetTokenAsync(Cancel)).ExpiresAt);
    }

    // A server hands one token to many.
    [Fact]
    public async Task The_same_token_again_is_no_failure()
    {
        _endpoint.Answers(() => Answer(expiresIn: 300), () => Answer(expiresIn: 60), () => Answer("d.e.f"));
        var provider = Provider();
        await provider.GetTokenAsync(Cancel);

        _time.Advance(TimeSpan.FromSeconds(275));
        Assert.Equal("a.b.c", (await provider.GetTokenAsync(Cancel)).Value);
        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("d.e.f", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Empty(_logs.Warnings);
    }

    [Theory]
    [InlineData(null, null, null, "")]
    [InlineData(
        "westeurope",
        null,
        "westeurope",
        "westeurope.stt.speech.microsoft.com westeurope.tts.speech.microsoft.com westeurope.s2s.speech.microsoft.com westeurope.voice.speech.microsoft.com"
    )]
    [InlineData(
        "usgovvirginia",
        null,
        "usgovvirginia",
        "usgovvirginia.stt.speech.azure.us usgovvirginia.tts.speech.azure.us"
    )]
    [InlineData("evil.example/", null, null, "")]
    [InlineData("evil.example#", null, null, "")]
    [InlineData("West Europe", null, null, "")]
    [InlineData(
        null,
        "https://contoso.cognitiveservices.azure.com/",
        null,
        "contoso.cognitiveservices.azure.com contoso.services.ai.azure.com"
    )]
    [InlineData(
        null,
        "https://CONTOSO.cognitiveservices.azure.com/tts?x=1",
        null,
        "contoso.cognitiveservices.azure.com contoso.services.ai.azure.com"
    )]
    [InlineData(null, "https://evil.example/", null, "")]
    [InlineData(null, "https://evil.example/.cognitiveservices.azure.com", null, "")]
    [InlineData(null, "https://cognitiveservices.azure.com.evil.example/", null, "")]
    [InlineData(null, "https://evilcognitiveservices.azure.com/", null, "")]
    [InlineData(null, "http://contoso.cognitiveservices.azure.com/", null, "")]
    [InlineData(null, "https://contoso.cognitiveservices.azure.com:8443/", null, "")]
    [InlineData(null, "https://contoso.cognitiveservices.azure.com@evil.example/", null, "")]
    [InlineData(null, "https://user@contoso.cognitiveservices.azure.com/", null, "")]
    [InlineData(null, "/relative", null, "")]
    public async Task A_response_opens_no_host_but_Azures_own(
        string? region,
        string? endpoint,
        string? expectedRegion,
        string hosts
    )
    {
        _endpoint.Answers(() => Answer(region: region, endpoint: endpoint));
        var provider = Provider();

        await provider.GetTokenAsync(Cancel);

        Assert.Equal(expectedRegion, ((IAzureSpeechResource)provider).Region);
        Assert.Equal(hosts, string.Join(' ', ((ITokenAudience)provider).AllowedHosts));
    }

    [Fact]
    public async Task The_settings_region_stays_whatever_a_response_says()
    {
        _endpoint.Answers(() => Answer(region: "eastus"));
        var provider = Provider(o => o.Region = "westeurope");
        Assert.Equal("westeurope", ((IAzureSpeechResource)provider).Region);

        await provider.GetTokenAsync(Cancel);

        Assert.Equal("westeurope", ((IAzureSpeechResource)provider).Region);
        Assert.All(
            ((ITokenAudience)provider).AllowedHosts,
            host => Assert.StartsWith("westeurope.", host, StringComparison.Ordinal)
        );
        Assert.True(((IAzureSpeechResource)provider).GrantsServiceTokens);
    }

    public static TheoryData<string, Func<HttpResponseMessage>, string, bool> Failures =>
        new()
        {
            {
                "401",
                () => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized),
                "wants a signed-in caller from provider 'speech' (401): HttpClient 'Api' has to be signed in, and must not follow a redirect to a sign-in page.",
                false
            },
            {
                "redirect",
                () => ScriptedEndpoint.Reply(HttpStatusCode.Found),
                "wants a signed-in caller from provider 'speech' (302): HttpClient 'Api' has to be signed in, and must not follow a redirect to a sign-in page.",
                false
            },
            {
                "page",
                () => ScriptedEndpoint.Reply(HttpStatusCode.OK, "<html>Sign in</html>", "text/html"),
                "wants a signed-in caller from provider 'speech' (200): HttpClient 'Api' has to be signed in, and must not follow a redirect to a sign-in page.",
                false
            },
            {
                "403",
                () =>
                    ScriptedEndpoint.Reply(
                        HttpStatusCode.Forbidden,
                        """{"type":"urn:tokenauth:speech-token-not-allowed"}""",
                        "application/problem+json"
                    ),
                "gives provider 'speech' no token (403 speech-token-not-allowed): this caller is not allowed to have one.",
                false
            },
            {
                "503",
                () =>
                    ScriptedEndpoint.Reply(
                        HttpStatusCode.ServiceUnavailable,
                        """{"type":"https://evil.example/secret"}""",
                        "application/problem+json"
                    ),
                "has no token for provider 'speech' now (503). The next call tries again.",
                true
            },
            {
                "404",
                () => ScriptedEndpoint.Reply(HttpStatusCode.NotFound),
                "does not serve provider 'speech' (404). Check TokenAuth:speech:Address.",
                false
            },
            {
                "an Entra token",
                () => ScriptedEndpoint.Json("""{"token":"aad#/subscriptions/1#a.b.c","expiresIn":600}"""),
                "gave provider 'speech' an invalid response: it answered with something that is not a JWT. Check TokenAuth:speech:Address, and that the endpoint's shape is Json.",
                true
            },
            {
                "another shape",
                () => ScriptedEndpoint.Json("""{"authorizationToken":"a.b.c"}"""),
                "gave provider 'speech' an invalid response: it answered with nothing that could be a token. Check TokenAuth:speech:Address, and that the endpoint's shape is Json.",
                true
            },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_says_who_and_why(
        string name,
        Func<HttpResponseMessage> answer,
        string message,
        bool isTransient
    )
    {
        Assert.NotEmpty(name);
        _endpoint.Answers(answer);

        var failure = await FailureAsync(Provider());

        Assert.Equal($"The endpoint {Address} {message}", failure.Message);
        Assert.Equal(("speech", isTransient), (failure.ProviderName, failure.IsTransient));
    }

    [Fact]
    public async Task Retry_After_reaches_the_caller()
    {
        _endpoint.Answers(() =>
        {
            var response = ScriptedEndpoint.Reply(HttpStatusCode.TooManyRequests);
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(20));
            return response;
        });

        Assert.Equal(TimeSpan.FromSeconds(20), (await FailureAsync(Provider())).RetryAfter);
    }

    [Fact]
    public async Task Without_a_clients_name_TokenAuths_own_asks_and_says_how_to_sign_in()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized));

        var failure = await FailureAsync(Provider(o => o.HttpClientName = null));

        Assert.DoesNotContain("Authorization", _endpoint.Requests.Single().Headers.Keys);
        Assert.Equal(
            $"The endpoint {Address} wants a signed-in caller from provider 'speech' (401): set TokenAuth:speech:HttpClientName to the client that is signed in, and must not "
                + "follow a redirect to a sign-in page.",
            failure.Message
        );
    }

    [Fact]
    public async Task A_section_may_name_it()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["TokenAuth:speech:Provider"] = "SpeechTokenEndpoint",
                    ["TokenAuth:speech:Address"] = Address,
                    ["TokenAuth:speech:HttpClientName"] = "Api",
                }
            )
            .Build();
        _endpoint.Answers(() => Answer());

        var provider = Provider(services => services.AddTokenAuth(configuration.GetSection("TokenAuth")));

        Assert.Equal("a.b.c", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    public void Wrong_settings_stop_the_start()
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
            Provider(o =>
            {
                o.Address = new Uri("http://app.example.com/speech-token");
                o.Region = "West Europe";
                o.HttpClientName = " ";
            })
        );

        Assert.Equal(
            [
                "TokenAuth:speech:Address is 'http://app.example.com/speech-token'; a secret goes there, so it must be https (http is for loopback only, or for an emulator with "
                    + "TokenAuth:speech:AllowHttp = true).",
                "TokenAuth:speech:Region is no region's name; write it without spaces in lower case, for example 'westeurope', or leave it out.",
                "TokenAuth:speech:HttpClientName is blank; write the name of a client that signs in, or leave it out.",
            ],
            error.Failures.Select(failure => failure.Trim()) // several stand on a line each
        );
        Assert.Equal(
            [
                "TokenAuth:speech:Address is missing; write the application's endpoint, for example 'https://app.example.com/speech-token'.",
            ],
            Assert.Throws<OptionsValidationException>(() => Provider(o => o.Address = null!)).Failures
        );
    }

    [Fact]
    public void Http_that_the_settings_allow_is_a_warning()
    {
        Provider(o =>
        {
            o.Address = new Uri("http://app:8080/speech-token");
            o.AllowHttp = true;
        });

        Assert.Equal(
            [
                "Provider 'speech' sends its secret to http://app:8080 without TLS, because AllowHttp is true: whoever is on the way can read it. That is for emulators and tests only.",
            ],
            _logs.Messages(17)
        );
    }

    [Fact]
    public async Task After_a_sign_out_the_next_user_gets_a_token_of_that_user()
    {
        _endpoint.Answers(() => Answer("of.the.first"), () => Answer("of.the.next", region: null));
        var provider = Provider();
        await provider.GetTokenAsync(Cancel);

        provider.Forget();

        Assert.Null(((IAzureSpeechResource)provider).Region);
        Assert.Equal("of.the.next", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Empty(_logs.Warnings);
    }

    [Fact]
    public async Task A_response_to_the_user_who_left_is_handed_to_nobody()
    {
        var first = new TaskCompletionSource<HttpResponseMessage>();
        _endpoint.Answer = (n, _) => n == 1 ? first.Task : Task.FromResult(Answer("of.the.next"));
        var provider = Provider();
        var waiting = provider.GetTokenAsync(Cancel).AsTask();
        while (_endpoint.Requests.Count == 0)
            await Task.Yield();

        provider.Forget();
        first.SetResult(Answer("of.the.first"));

        Assert.Equal("of.the.next", (await waiting).Value);
        Assert.Equal("of.the.next", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Equal(2, _endpoint.Requests.Count);
    }

    [Fact]
    public async Task The_failures_of_the_user_who_left_hold_nobody_up()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized));
        var provider = Provider();
        for (var i = 0; i < 5; i++)
            await FailureAsync(provider);
        _endpoint.Answers(() => Answer("of.the.next"));

        provider.Forget();

        Assert.Equal("of.the.next", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    public async Task What_is_kept_fresh_goes_on_with_the_next_user()
    {
        _endpoint.Answers(() => Answer("of.the.first"), () => Answer("of.the.next"));
        var provider = Provider();
        var tokens = new List<string>();
        await provider.GetTokenAsync(Cancel);
        using var fresh = provider.KeepFresh(token => tokens.Add(token.Value));

        provider.Forget();
        await provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["of.the.first", "of.the.next"], tokens);
    }

    [Fact]
    public async Task A_wrapper_forgets_too_and_a_provider_of_the_applications_own_token_does_not()
    {
        _endpoint.Answers(() => Answer("of.the.first"), () => Answer("of.the.next"));
        using var wrapper = new WrappingProvider(Provider());
        await wrapper.GetTokenAsync(Cancel);
        var service = new StaticTokenProvider("the.application.s");

        wrapper.Forget();
        service.Forget();

        Assert.Equal("of.the.next", (await wrapper.GetTokenAsync(Cancel)).Value);
        Assert.Equal("the.application.s", (await service.GetTokenAsync(Cancel)).Value);
        Assert.Throws<ArgumentNullException>(() => ((ITokenProvider)null!).Forget());
    }

    [Fact]
    public void Once_disposed_there_is_nothing_to_forget()
    {
        var provider = Provider();
        _services!.Dispose();

        provider.Forget();

        Assert.Empty(_endpoint.Requests);
    }

    private ITokenProvider Provider(Action<SpeechTokenEndpointClientOptions>? configure = null) =>
        Provider(services =>
            services
                .AddTokenAuth()
                .AddSpeechTokenEndpoint(
                    "speech",
                    o =>
                    {
                        o.Address = new Uri(Address);
                        o.HttpClientName = "Api";
                        configure?.Invoke(o);
                    }
                )
        );

    private ITokenProvider Provider(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ILoggerFactory>(_logs);
        services
            .AddHttpClient(
                "Api",
                client =>
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "signed-in")
            )
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler);
        register(services);
        services
            .AddTokenAuth()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));
        _services?.Dispose();
        _services = services.BuildServiceProvider();

        return _services.GetRequiredKeyedService<ITokenProvider>("speech");
    }

    private async Task<TokenAcquisitionException> FailureAsync(ITokenProvider provider) =>
        await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            _time.AdvanceUntilAsync(provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(50))
        );

    private static HttpResponseMessage Answer(
        string token = "a.b.c",
        int expiresIn = 600,
        string? region = "westeurope",
        string? endpoint = null
    ) =>
        ScriptedEndpoint.Json(
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    token,
                    region,
                    expiresIn,
                    endpoint,
                }
            )
        );
}
