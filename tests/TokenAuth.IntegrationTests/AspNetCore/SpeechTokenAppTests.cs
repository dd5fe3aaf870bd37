using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.IntegrationTests.Wire;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>Both sides: an app with its own sign-in, the endpoint, and Azure's services behind the token.</summary>
public sealed class SpeechTokenAppTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_without_a_key_speaks()
    {
        await using var server = await SpeechApplication.StartAsync();
        await using var app = App(server);

        using var speech = await SpeakAsync(server, app);

        Assert.Equal(HttpStatusCode.OK, speech.StatusCode);
        Assert.Equal(1, server.Emulator.Ledger.IssueTokenCalls);
        var provider = (IAzureSpeechResource)app.GetRequiredKeyedService<ITokenProvider>("speech");
        Assert.Equal("westeurope", provider.Region);
    }

    [Fact]
    public async Task What_it_keeps_fresh_gets_every_renewed_token()
    {
        await using var server = await SpeechApplication.StartAsync();
        await using var app = App(server);
        var tokens = new List<string>();

        using (app.GetRequiredKeyedService<ITokenProvider>("speech").KeepFresh(token => Add(token.Value)))
            await Until.HoldsAsync(() =>
            {
                server.Time.Advance(TimeSpan.FromSeconds(1));
                lock (tokens)
                    return tokens.Count == 3;
            });

        Assert.Equal(3, tokens.Distinct().Count());

        void Add(string token)
        {
            lock (tokens)
                tokens.Add(token);
        }
    }

    [Fact]
    public async Task Signed_out_it_learns_that_it_is()
    {
        await using var server = await SpeechApplication.StartAsync();
        await using var app = App(server, name: null);

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            app.GetRequiredKeyedService<ITokenProvider>("speech").GetTokenAsync(Cancel).AsTask()
        );

        Assert.Equal(
            $"The endpoint {server.Client.BaseAddress}speech-token wants a signed-in caller from provider 'speech' (401): HttpClient 'Api' has to be signed in, and must not follow "
                + "a redirect to a sign-in page.",
            failure.Message
        );
    }

    [Fact]
    public async Task A_refusal_by_the_application_says_so()
    {
        await using var server = await SpeechApplication.StartAsync(o => o.Authorize = (_, _) => new(false));
        await using var app = App(server);

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            app.GetRequiredKeyedService<ITokenProvider>("speech").GetTokenAsync(Cancel).AsTask()
        );

        Assert.Equal((HttpStatusCode.Forbidden, "speech-token-not-allowed"), (failure.StatusCode, failure.ErrorCode));
    }

    private static async Task<HttpResponseMessage> SpeakAsync(SpeechApplication server, IServiceProvider app)
    {
        using var ssml = new StringContent(
            """<speak version="1.0" xml:lang="en-US"><voice name="en-US-AvaMultilingualNeural">hello</voice></speak>""",
            Encoding.UTF8,
            "application/ssml+xml"
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Emulator.AzureTtsAddress) { Content = ssml };
        request.Headers.Add("X-Microsoft-OutputFormat", "riff-16khz-16bit-mono-pcm");
        request.Headers.Add("User-Agent", "app");

        return await app.GetRequiredService<IHttpClientFactory>().CreateClient("Tts").SendAsync(request, Cancel);
    }

    private static ServiceProvider App(SpeechApplication server, string? name = "ann")
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(server.Time);
        services.AddLogging();
        services
            .AddHttpClient(
                "Api",
                client =>
                {
                    if (name is not null)
                        client.DefaultRequestHeaders.Add("X-Name", name);
                }
            )
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services
            .AddTokenAuth()
            .AddSpeechTokenEndpoint(
                "speech",
                o =>
                {
                    o.Address = new Uri(server.Client.BaseAddress!, SpeechApplication.Path);
                    o.HttpClientName = "Api";
                }
            );
        services.AddHttpClient("Tts").AddBearerToken("speech");

        return services.BuildServiceProvider();
    }
}
