using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>One application of the fleet: a container with its providers, clients and, unless it is alone, the shared store.</summary>
internal sealed class Member : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHttpClientFactory _clients;

    private Member(IServiceCollection services, params TokenLine[] lines)
    {
        _services = services.BuildServiceProvider();
        _clients = _services.GetRequiredService<IHttpClientFactory>();
        Recognizers = [.. lines.Select(line => new Recognizer(Provider(line)))];
    }

    /// <summary>One a line.</summary>
    public IReadOnlyList<Recognizer> Recognizers { get; }

    public static Member InFleet(
        TokenServiceEmulator emulator,
        SoakClock clock,
        SoakDatabase database,
        string encryptionKey,
        bool isVerbose
    )
    {
        var services = Services(clock, isVerbose);
        services
            .AddTokenAuth()
            .AddVkCloud(TokenLine.Voice.Name, options => Set(options, VkCloudClient.Voice, emulator))
            .AddVkCloud(TokenLine.Vision.Name, options => Set(options, VkCloudClient.Vision, emulator))
            .AddAzureSpeech(
                TokenLine.Speech.Name,
                options =>
                {
                    options.SubscriptionKey = emulator.Options.AzureSpeech.SecondaryKey;
                    options.TokenEndpoint = emulator.AzureTokenEndpoint;
                }
            )
            .UsePostgresStore(
                database.ConnectionString,
                options =>
                {
                    options.EncryptionKey = encryptionKey;
                    options.Table = database.Table;
                }
            );
        services
            .AddHttpClient("voice", http => http.BaseAddress = emulator.VoiceAddress)
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            .AddBearerToken(TokenLine.Voice.Name);
        services
            .AddHttpClient("vision", http => http.BaseAddress = emulator.VisionAddress)
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            .AddOAuthTokenQuery(TokenLine.Vision.Name);
        services
            .AddHttpClient("stt", http => http.BaseAddress = emulator.AzureSttAddress)
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            .AddBearerToken(TokenLine.Speech.Name);

        return new(services, TokenLine.Voice, TokenLine.Vision, TokenLine.Speech);
    }

    /// <summary>With two keys, in memory.</summary>
    public static Member Alone(TokenServiceEmulator emulator, SoakClock clock, bool isVerbose)
    {
        var services = Services(clock, isVerbose);
        services
            .AddTokenAuth()
            .AddAzureSpeech(
                TokenLine.Spare.Name,
                options =>
                {
                    options.SubscriptionKey = emulator.Options.AzureSpeech.PrimaryKey;
                    options.SecondaryKey = emulator.Options.AzureSpeech.SecondaryKey;
                    options.TokenEndpoint = emulator.AzureTokenEndpoint2018; // a path of its own tells its calls from the fleet's
                }
            );
        services
            .AddHttpClient("tts", http => http.BaseAddress = emulator.AzureTtsAddress)
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            .AddBearerToken(TokenLine.Spare.Name);
        services
            .AddHttpClient("tts-by-key", http => http.BaseAddress = emulator.AzureTtsAddress)
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            .AddSubscriptionKey(TokenLine.Spare.Name);

        return new(services, TokenLine.Spare);
    }

    public HttpClient Client(string name) => _clients.CreateClient(name);

    /// <summary>The token that the member would send now.</summary>
    public async Task<string> TokenAsync(TokenLine line, CancellationToken cancellationToken) =>
        (await Provider(line).GetTokenAsync(cancellationToken)).Value;

    public ValueTask DisposeAsync()
    {
        foreach (var recognizer in Recognizers)
            recognizer.Dispose();

        return _services.DisposeAsync();
    }

    private ITokenProvider Provider(TokenLine line) => _services.GetRequiredKeyedService<ITokenProvider>(line.Name);

    private static ServiceCollection Services(SoakClock clock, bool isVerbose)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging =>
        {
            if (isVerbose)
                logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("TokenAuth", LogLevel.Warning);
            logging.AddFilter("System.Net.Http", LogLevel.None);
        });
        services.AddSingleton<TimeProvider>(clock.Machines);

        return services;
    }

    // Few connections, all in use: otherwise their number follows each burst and each pause of a busy machine, and hides a leak.
    private static SocketsHttpHandler CreateHandler() =>
        new() { MaxConnectionsPerServer = 4, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) };

    private static void Set(VkCloudOptions options, VkCloudClient client, TokenServiceEmulator emulator)
    {
        options.ClientId = client.ClientId;
        options.ClientSecret = client.ClientSecret;
        options.TokenEndpoint = emulator.VkTokenEndpoint;
    }
}
