using System.Net;
using Azure.Core;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;
using EntraToken = Azure.Core.AccessToken;

namespace TokenAuth.IntegrationTests.Probes;

/// <summary>The emulator of both vendors with one thing that is wrong, and a probe that looks at it.</summary>
internal sealed class ProbeScene : IAsyncDisposable
{
    public const string Secret = "the-secret-of-this-scene";

    private readonly List<IAsyncDisposable> _owned = [];

    public TokenServiceEmulatorOptions Options { get; init; } = new();

    public AzureSpeechOptions Azure { get; } = new() { SubscriptionKey = "", ProviderName = "speech" };

    public VkCloudOptions Vk { get; } =
        new()
        {
            ClientId = VkCloudClient.Voice.ClientId,
            ClientSecret = VkCloudClient.Voice.ClientSecret,
            ProviderName = "voice",
        };

    public AzureSpeechEntraOptions Entra { get; } = new() { ProviderName = "entra" };

    public TokenProbeOptions Probe { get; } = new();

    /// <summary>The client of the token endpoint; the provider's own when null.</summary>
    public HttpClient? Client { get; set; }

    public TokenServiceEmulator Emulator { get; private set; } = null!;

    /// <summary>The token of the credential; a principal with the role unless changed.</summary>
    public string EntraToken { get; set; } = "";

    public Exception? CredentialError { get; set; }

    public async Task StartAsync()
    {
        Emulator = await TokenServiceEmulator.StartAsync(Options, TestContext.Current.CancellationToken);
        Azure.SubscriptionKey = Emulator.AzureSpeech.PrimaryKey;
        Azure.Endpoint = Entra.Endpoint = Emulator.BaseAddress;
        Vk.TokenEndpoint = Emulator.VkTokenEndpoint;
        Entra.ResourceId = Options.AzureSpeech.ResourceId;
        EntraToken = Emulator.AzureSpeech.CreateEntraToken();
    }

    public Task<TokenProbeReport> AzureAsync() => ProbeAsync(new AzureSpeechTokenProvider(Azure, Client));

    public Task<TokenProbeReport> AzureAsync(string tokenEndpoint)
    {
        (Azure.Endpoint, Azure.TokenEndpoint) = (null, new Uri(tokenEndpoint));

        return AzureAsync();
    }

    /// <summary>After one fault of issueToken, or of the service.</summary>
    public Task<TokenProbeReport> AzureAsync(TokenServiceFault fault, bool isOfService = false)
    {
        Probe.CallService = isOfService;
        Emulator.Faults.Always(isOfService ? TokenServiceEndpoint.AzureTts : TokenServiceEndpoint.AzureToken, fault);

        return AzureAsync();
    }

    public async Task<TokenProbeReport> AzureThroughProxyAsync()
    {
        await using var proxy = new RawOrigin();
        proxy.Answer = _ => RawOrigin.Reply(407);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, Proxy = new WebProxy(proxy.Address) };
        Client = new HttpClient(handler);

        return await AzureAsync("https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken");
    }

    public async Task<TokenProbeReport> AzureWithoutTrustAsync()
    {
        await using var origin = new RawOrigin(isSecure: true);

        return await AzureAsync($"{origin.Address}sts/v1.0/issueToken");
    }

    public Task<TokenProbeReport> VkAsync() => ProbeAsync(NewVk());

    /// <summary>After one request of an application, whose answer is the fault.</summary>
    public async Task<TokenProbeReport> VkAfterAsync(TokenServiceEndpoint endpoint, TokenServiceFault answer)
    {
        var provider = NewVk();
        Emulator.Faults.Always(endpoint, answer);
        using DelegatingHandler handler =
            endpoint == TokenServiceEndpoint.VkVision
                ? new OAuthTokenQueryHandler(provider)
                : new BearerTokenHandler(provider);
        handler.InnerHandler = new SocketsHttpHandler();
        using var client = new HttpClient(handler);
        var path = endpoint == TokenServiceEndpoint.VkVision ? "api/v1/objects/detect" : "asr";
        using var response = await client.PostAsync(
            new Uri(Emulator.BaseAddress, path),
            new ByteArrayContent([1]),
            TestContext.Current.CancellationToken
        );

        return await ProbeAsync(provider);
    }

    public Task<TokenProbeReport> EntraAsync(EntraTokenForm form)
    {
        Entra.Form = form;

        return ProbeAsync(
            new AzureSpeechEntraTokenProvider(
                Entra,
                DelegatedTokenCredential.Create(
                    (_, _) =>
                        CredentialError is null
                            ? new EntraToken(EntraToken, DateTimeOffset.UtcNow.AddHours(1))
                            : throw CredentialError
                ),
                Client
            )
        );
    }

    /// <summary>After some use of the provider.</summary>
    public async Task<TokenProbeReport> VkAfterUseAsync(Func<VkCloudTokenProvider, Task> use)
    {
        var provider = NewVk();
        await use(provider);

        return await ProbeAsync(provider);
    }

    public async Task<TokenProbeReport> ProbeAsync(ITokenProvider provider)
    {
        if (provider is IAsyncDisposable owned && !_owned.Contains(owned))
            _owned.Add(owned);

        return await provider.ProbeAsync(Probe, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _owned)
            await provider.DisposeAsync();
        Client?.Dispose();
        if (Emulator is not null)
            await Emulator.DisposeAsync();
    }

    private VkCloudTokenProvider NewVk() => new(Vk, Client);
}
