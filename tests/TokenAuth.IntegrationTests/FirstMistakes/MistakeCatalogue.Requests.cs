using Azure.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using static TokenAuth.IntegrationTests.FirstMistakes.Beginner;

namespace TokenAuth.IntegrationTests.FirstMistakes;

/// <summary>Requests, objects made with <c>new</c>, and what the vendors refuse.</summary>
internal static partial class MistakeCatalogue
{
    private static readonly Mistake[] s_requests =
    [
        new("A request goes to a foreign host", () => RequestAsync("https://api.example.com/asr")),
        new("A request goes out over http", () => RequestAsync("http://voice.mcs.mail.ru/asr")),
        new("A request goes to another port", () => RequestAsync("https://voice.mcs.mail.ru:8443/asr")),
        new(
            "A host is written as an address",
            () => RequestAsync("https://voice.mcs.mail.ru/asr", o => o.AllowedHosts.Add("https://api.example.com/v1"))
        ),
        new(
            "All hosts are to be allowed",
            () => RequestAsync("https://voice.mcs.mail.ru/asr", o => o.AllowedHosts.Add("*"))
        ),
        new(
            "A whole domain of the top is to be allowed",
            () => RequestAsync("https://voice.mcs.mail.ru/asr", o => o.AllowedHosts.Add(".com"))
        ),
        new(
            "A request sets the key by itself",
            () =>
                RequestAsync(
                    "https://voice.mcs.mail.ru/asr",
                    write: request => request.Headers.Add("Ocp-Apim-Subscription-Key", Secret)
                )
        ),
        new(
            "VK Cloud without a container lacks its settings",
            () => ErrorOfAsync(() => new VkCloudTokenProvider(new()).Dispose())
        ),
        new(
            "Azure without a container lacks its key",
            () => ErrorOfAsync(() => new AzureSpeechTokenProvider(new() { Region = "westeurope" }).Dispose())
        ),
        new(
            "A fixed token is empty",
            () =>
                ErrorOfAsync(() =>
                {
                    _ = new StaticTokenProvider("");
                })
        ),
        new(
            "A fixed token has a line break",
            () =>
                ErrorOfAsync(() =>
                {
                    _ = new StaticTokenProvider(Secret + "\r\n");
                })
        ),
        new(
            "A key is missing",
            () =>
                ErrorOfAsync(() =>
                {
                    _ = new SubscriptionKeyProvider("");
                })
        ),
        new(
            "A handler sends a key, and the provider has none",
            () =>
                ErrorOfAsync(async () =>
                {
                    using var handler = new SubscriptionKeyHandler(
                        new VkCloudTokenProvider(new() { ClientId = "mcs0000000000.voice.id", ClientSecret = Secret })
                    )
                    {
                        InnerHandler = new HttpClientHandler(),
                    };
                    using var http = new HttpClient(handler);
                    await http.GetAsync(new Uri("https://voice.mcs.mail.ru/asr"));
                })
        ),
        new(
            "A provider was disposed",
            () =>
                ErrorOfAsync(async () =>
                {
                    var provider = new AzureSpeechTokenProvider(
                        new() { Region = "westeurope", SubscriptionKey = Secret }
                    );
                    provider.Dispose();
                    await provider.GetTokenAsync();
                })
        ),
        new(
            "A token is to have a negative life left",
            () =>
                ErrorOfAsync(async () => await new StaticTokenProvider("token").GetTokenAsync(TimeSpan.FromMinutes(-1)))
        ),
        new(
            "VK Cloud refuses the secret",
            () =>
                EmulatedAsync(tokens =>
                    tokens.AddVkCloud("p", o => (o.ClientId, o.ClientSecret) = (VkCloudClient.Voice.ClientId, Secret))
                )
        ),
        new(
            "Voice has the secret of Vision",
            () =>
                EmulatedAsync(tokens =>
                    tokens.AddVkCloud(
                        "p",
                        o =>
                            (o.ClientId, o.ClientSecret) = (
                                VkCloudClient.Voice.ClientId,
                                VkCloudClient.Vision.ClientSecret
                            )
                    )
                )
        ),
        new(
            "The refresh token is dead",
            () =>
                EmulatedAsync(tokens =>
                    tokens.AddVkCloud("p", o => (o.ClientId, o.RefreshToken) = (VkCloudClient.Voice.ClientId, Secret))
                )
        ),
        new("Azure refuses the key", () => EmulatedAsync(tokens => tokens.AddAzureSpeech("p", IsSpeech))),
    ];

    private static readonly Mistake[] s_browsers =
    [
        new(
            "Anybody could ask for a token",
            () =>
                StartWebAsync(
                    tokens => tokens.AddAzureSpeech("speech", IsSpeech),
                    app => app.MapSpeechToken("/speech-token", "speech")
                )
        ),
        new(
            "The endpoint stands before the registration",
            () => StartWebAsync(null, app => app.MapSpeechToken("/speech-token", "speech").RequireAuthorization())
        ),
        new(
            "The endpoint names an unknown provider",
            () =>
                StartWebAsync(
                    tokens => tokens.AddAzureSpeech("speech", IsSpeech),
                    app => app.MapSpeechToken("/speech-token", "spech").RequireAuthorization()
                )
        ),
        new(
            "The endpoint is to hand out VK Cloud's token",
            () =>
                StartWebAsync(
                    tokens => tokens.AddVkCloud("voice", IsVoice),
                    app => app.MapSpeechToken("/speech-token", "voice").RequireAuthorization()
                )
        ),
        new(
            "A token is to have nine minutes left",
            () =>
                StartWebAsync(
                    tokens => tokens.AddAzureSpeech("speech", IsSpeech),
                    app =>
                        app.MapSpeechToken("/speech-token", "speech", o => o.MinimumRemaining = TimeSpan.FromMinutes(9))
                            .RequireAuthorization()
                )
        ),
        new(
            "The endpoint of an app has no address",
            () => StartAsync(tokens => tokens.AddSpeechTokenEndpoint("speech", _ => { }))
        ),
        new(
            "The endpoint of an app is http",
            () =>
                StartAsync(tokens =>
                    tokens.AddSpeechTokenEndpoint("speech", o => o.Address = new("http://app.example.com/speech-token"))
                )
        ),
        new(
            "Nothing says whose token a caller gets",
            () =>
                StartWebAsync(
                    tokens => tokens.AddAzureSpeechTenants("speech", (_, _, _) => default),
                    app => app.MapSpeechToken("/speech-token", "speech").RequireAuthorization()
                )
        ),
    ];

    private static readonly Mistake[] s_tenants =
    [
        new("A request says no tenant", () => TenantRequestAsync(_ => { })),
        new("A request says an unknown tenant", () => TenantRequestAsync(request => request.SetTokenTenant("nobody"))),
        new(
            "A request says a tenant where there are none",
            () =>
                UseAsync(
                    tokens =>
                    {
                        tokens.AddStaticToken("service", "token");
                        tokens.Services.AddHttpClient("Service").AddBearerToken("service");
                    },
                    async services =>
                    {
                        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("Service");
                        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("https://localhost/"));
                        request.SetTokenTenant("acme");
                        using var response = await http.SendAsync(request);
                    }
                )
        ),
        new(
            "A name with tenants is asked for without one",
            () => UseAsync(IsTenants, services => Ask(() => services.GetRequiredKeyedService<ITokenProvider>("speech")))
        ),
        new(
            "A name without tenants is asked for one",
            () =>
                UseAsync(
                    IsBoth,
                    services => services.GetRequiredService<ITokenTenants>().GetAsync("voice", "acme").AsTask()
                )
        ),
        new(
            "No tenant is to stay in memory",
            () =>
                StartAsync(tokens => tokens.AddAzureSpeechTenants("speech", (_, _, _) => default, o => o.Capacity = 0))
        ),
    ];

    private static readonly Mistake[] s_entra =
    [
        new("Entra has no credential", () => StartAsync(tokens => tokens.AddAzureSpeechEntra("speech", IsEntra))),
        new("Entra's composite form lacks the resource's id", () => Entra(o => o.ResourceId = null)),
        new(
            "Entra's id is that of the subscription",
            () => Entra(o => o.ResourceId = "00000000-0000-0000-0000-000000000000")
        ),
        new(
            "Entra's plain form lacks the custom domain",
            () => Entra(o => (o.Form, o.Endpoint) = (EntraTokenForm.Plain, null))
        ),
        new(
            "Entra's endpoint is the region's",
            () => Entra(o => o.Endpoint = new("https://westeurope.api.cognitive.microsoft.com/"))
        ),
        new("Entra's scope is a host", () => Entra(o => o.Scope = "https://cognitiveservices.azure.com")),
        new(
            "The kind of Entra is in the section, and its package is not called",
            () => StartAsync(("speech:Provider", "AzureSpeechEntra"))
        ),
    ];

    public static IEnumerable<Mistake> All =>
        [.. s_settings, .. s_registrations, .. s_requests, .. s_browsers, .. s_tenants, .. s_entra];

    private static async Task<string> EmulatedAsync(Action<TokenAuthBuilder> register)
    {
        await using var emulator = await TokenServiceEmulator.StartAsync();

        return await TokenAsync(
            tokens =>
            {
                register(tokens);
                tokens.Services.Configure<VkCloudOptions>("p", o => o.TokenEndpoint = emulator.VkTokenEndpoint);
                tokens.Services.Configure<AzureSpeechOptions>("p", o => o.TokenEndpoint = emulator.AzureTokenEndpoint);
            },
            "p"
        );
    }

    private static Task<string> TenantRequestAsync(Action<HttpRequestMessage> write) =>
        UseAsync(
            tokens =>
            {
                IsTenants(tokens);
                tokens.Services.AddHttpClient("Speech").AddBearerToken("speech");
            },
            async services =>
            {
                using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("Speech");
                using var request = new HttpRequestMessage(
                    HttpMethod.Get,
                    new Uri("https://westeurope.tts.speech.microsoft.com/")
                );
                write(request);
                using var response = await http.SendAsync(request);
            }
        );

    private static void IsTenants(TokenAuthBuilder tokens) =>
        tokens.AddAzureSpeechTenants("speech", (_, _, _) => default);

    private static Task<string> Entra(Action<AzureSpeechEntraOptions> spoil) =>
        StartAsync(tokens =>
            tokens
                .AddAzureSpeechEntra(
                    "speech",
                    o =>
                    {
                        IsEntra(o);
                        spoil(o);
                    }
                )
                .UseAzureCredential(_ => new DefaultAzureCredential())
        );

    private static void IsEntra(AzureSpeechEntraOptions options)
    {
        options.Endpoint = new("https://contoso.cognitiveservices.azure.com/");
        options.ResourceId =
            "/subscriptions/0000/resourceGroups/speech/providers/Microsoft.CognitiveServices/accounts/contoso";
    }
}
