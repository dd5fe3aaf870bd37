using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TokenAuth.Testing;

/// <summary>
/// Emulates the token and data endpoints of VK Cloud and Azure Speech on 127.0.0.1, with the vendors' own paths and rules. It
/// produces faults on demand and keeps a ledger of requests and issued tokens. One port serves plain HTTP/1.1 and the Speech
/// SDK's websockets. If the <c>Host</c> of a request is a vendor's own, only the paths of that host exist, and any other is 404.
/// </summary>
public sealed class TokenServiceEmulator : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly LedgerBook _book;

    private TokenServiceEmulator(TokenServiceEmulatorOptions options)
    {
        Options = options;
        VkCloud = new(options);
        AzureSpeech = new(options);
        _book = new(options);
        _server = CreateServer();
    }

    /// <summary>The rules of the emulated services. You may change them while the emulator runs.</summary>
    public TokenServiceEmulatorOptions Options { get; }

    /// <summary>The VK Cloud project; use it to revoke tokens or to deactivate the project.</summary>
    public EmulatedVkCloud VkCloud { get; }

    /// <summary>The Azure Speech resource; use it to regenerate keys or to revoke tokens.</summary>
    public EmulatedAzureSpeech AzureSpeech { get; }

    /// <summary>The faults that endpoints produce on demand.</summary>
    public TokenServiceFaults Faults { get; } = new();

    /// <summary>The requests and the issued tokens up to now. Each call returns a new ledger.</summary>
    public TokenServiceLedger Ledger => _book.Take(VkCloud, AzureSpeech);

    /// <summary>The address at which the emulator listens: <c>http://127.0.0.1:port/</c>.</summary>
    public Uri BaseAddress { get; private set; } = null!; // set before StartAsync returns

    /// <summary>The address in place of <c>https://mcs.mail.ru/auth/oauth/v1/token</c>.</summary>
    public Uri VkTokenEndpoint => new(BaseAddress, "auth/oauth/v1/token");

    /// <summary>The address in place of <c>https://voice.mcs.mail.ru/</c>.</summary>
    public Uri VoiceAddress => BaseAddress;

    /// <summary>The address in place of <c>https://smarty.mail.ru/api/v1/</c>.</summary>
    public Uri VisionAddress => new(BaseAddress, "api/v1/");

    /// <summary>The address in place of <c>https://region.api.cognitive.microsoft.com/sts/v1.0/issueToken</c>.</summary>
    public Uri AzureTokenEndpoint => new(BaseAddress, "sts/v1.0/issueToken");

    /// <summary>The address in place of <c>https://region.stt.speech.microsoft.com/v1.0/issueToken</c>, as it was in 2018.</summary>
    public Uri AzureTokenEndpoint2018 => new(BaseAddress, "v1.0/issueToken");

    /// <summary>
    /// The address in place of <c>https://region.stt.speech.microsoft.com/speech/recognition/conversation/cognitiveservices/v1</c>.
    /// </summary>
    public Uri AzureSttAddress => new(BaseAddress, "speech/recognition/conversation/cognitiveservices/v1");

    /// <summary>The address in place of <c>https://region.tts.speech.microsoft.com/cognitiveservices/v1</c>.</summary>
    public Uri AzureTtsAddress => new(BaseAddress, "cognitiveservices/v1");

    /// <summary>
    /// The address for the Speech SDK's <c>SpeechConfig.fromHost</c>, in place of <c>wss://region.stt.speech.microsoft.com</c> and
    /// <c>wss://region.tts.speech.microsoft.com</c>: <c>ws://127.0.0.1:port/</c>.
    /// </summary>
    public Uri AzureSpeechHost => new UriBuilder(BaseAddress) { Scheme = "ws" }.Uri;

    /// <summary>Starts an emulator; dispose it to stop it.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<TokenServiceEmulator> StartAsync(
        TokenServiceEmulatorOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var emulator = new TokenServiceEmulator(options ?? new());
        try
        {
            await emulator._server.StartAsync(cancellationToken).ConfigureAwait(false);
            emulator.BaseAddress = emulator.Reachable(new(emulator._server.Urls.Single() + "/"));
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Revokes all access tokens that either vendor has issued so far.</summary>
    /// <returns>How many there were.</returns>
    public int RevokeAccessTokens() => VkCloud.RevokeAccessTokens() + AzureSpeech.RevokeAccessTokens();

    /// <summary>Stops listening and closes every connection.</summary>
    public async ValueTask DisposeAsync() => await _server.DisposeAsync().ConfigureAwait(false);

    // An emulator that listens on every address is reached on this machine's own.
    private Uri Reachable(Uri listening) =>
        Options.Address.Equals(IPAddress.Any) || Options.Address.Equals(IPAddress.IPv6Any)
            ? new UriBuilder(listening) { Host = IPAddress.Loopback.ToString() }.Uri
            : listening;

    private WebApplication CreateServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(Options.Address, Options.Port);
                kestrel.AddServerHeader = false;
                // Slow and huge requests and responses are what it is for.
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
            });
        builder.Services.AddRoutingCore();
        // A fault may keep a connection busy for good.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));

        var server = builder.Build();
        server.UseWebSockets(); // before the traffic, which meets websockets too
        var traffic = new EmulatedTraffic(Options, _book, Faults, VkCloud);
        server.Use(traffic.PassAsync);

        var routes = new EmulatedRoutes(server);
        routes.MapTokens(VkCloud, AzureSpeech);
        routes.MapVkCloud(Options, new(Options, VkCloud, Faults, _book), _book);
        var azureSpeech = new AzureSpeechGate(Options, AzureSpeech, Faults, _book);
        routes.MapAzureSpeech(azureSpeech, _book);
        routes.MapSpeechSockets(Options, azureSpeech, _book);
        return server;
    }
}
