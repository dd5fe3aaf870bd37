using Microsoft.Extensions.DependencyInjection;
using static TokenAuth.IntegrationTests.FirstMistakes.Beginner;

namespace TokenAuth.IntegrationTests.FirstMistakes;

/// <summary>Registrations that do not fit together, and stores.</summary>
internal static partial class MistakeCatalogue
{
    private static readonly Mistake[] s_registrations =
    [
        new("A client names an unknown provider", () => Registered(http => http.AddBearerToken("vioce"))),
        new(
            "A client names a provider, and none is registered",
            () => StartAsync(tokens => tokens.Services.AddHttpClient("Voice").AddBearerToken("voice"))
        ),
        new("A client names no provider", () => Registered(http => http.AddBearerToken(""))),
        new(
            "A client has two providers",
            () => Registered(http => http.AddBearerToken("voice").AddBearerToken("speech"))
        ),
        new("VK Cloud's token is to be a key", () => Registered(http => http.AddSubscriptionKey("voice"))),
        new("Azure's token is to stand in the query", () => Registered(http => http.AddOAuthTokenQuery("speech"))),
        new(
            "All clients get the credential",
            () =>
                StartAsync(tokens => tokens.Services.ConfigureHttpClientDefaults(http => http.AddBearerToken("voice")))
        ),
        new(
            "Two providers have one name",
            () => StartAsync(tokens => tokens.AddVkCloud("voice", IsVoice).AddAzureSpeech("Voice", IsSpeech))
        ),
        new("A provider has no name", () => StartAsync(tokens => tokens.AddVkCloud(" ", IsVoice))),
        new(
            "Name and token are swapped",
            () =>
                StartAsync(tokens =>
                    tokens.AddStaticToken("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "service")
                )
        ),
        new(
            "A provider is asked for by an unknown name",
            () => UseAsync(IsBoth, services => Ask(() => services.GetRequiredKeyedService<ITokenProvider>("vioce")))
        ),
        new(
            "A provider is asked for without a name",
            () => UseAsync(IsBoth, services => Ask(() => services.GetRequiredService<ITokenProvider>()))
        ),
        new(
            "A provider is asked for, and none is registered",
            () => UseAsync(_ => { }, services => Ask(() => services.GetRequiredService<ITokenProvider>()))
        ),
        new(
            "A test replaces an unknown provider",
            () =>
                StartAsync(tokens =>
                    tokens.AddVkCloud("voice", IsVoice).ReplaceProvider("vioce", new StaticTokenProvider("fake"))
                )
        ),
        new("A factory returns null", () => TokenAsync(tokens => tokens.AddProvider("mine", _ => null!), "mine")),
        new(
            "Options have no name",
            () =>
                WarningAsync(tokens =>
                {
                    tokens
                        .AddVkCloud("voice", IsVoice)
                        .UseFileStore(o => (o.Directory, o.EncryptionKey) = (Path.GetTempPath(), StoreKey));
                    tokens.Services.Configure<VkCloudOptions>(o => o.AssumedLifetime = TimeSpan.FromMinutes(30));
                })
        ),
        new(
            "Two stores are registered",
            () =>
                StartAsync(tokens =>
                    tokens
                        .AddVkCloud("voice", IsVoice)
                        .UseFileStore(o => o.EncryptionKey = StoreKey)
                        .UsePostgresStore("Host=localhost", o => o.EncryptionKey = StoreKey)
                )
        ),
        new("The file store has no key", () => Stored(tokens => tokens.UseFileStore())),
        new(
            "The key of the store is a password",
            () => Stored(tokens => tokens.UseFileStore(o => o.EncryptionKey = "correct horse"))
        ),
        new(
            "PostgreSQL has no connection string",
            () => Stored(tokens => tokens.UsePostgresStore(connectionString: null!))
        ),
        new(
            "PostgreSQL's table has a space",
            () =>
                Stored(tokens =>
                    tokens.UsePostgresStore("Host=localhost", o => (o.Table, o.EncryptionKey) = ("my table", StoreKey))
                )
        ),
        new(
            "Redis has a URL",
            () =>
                Stored(tokens =>
                    tokens.UseRedisStore($"redis://:{Secret}@localhost:6379", o => o.EncryptionKey = StoreKey)
                )
        ),
        new(
            "Redis has the password in front of the address",
            () =>
                Stored(tokens =>
                    tokens.UseRedisStore($"password={Secret},localhost:6379", o => o.EncryptionKey = StoreKey)
                )
        ),
        new(
            "The key of a record has capitals",
            () =>
                TokenAsync(
                    tokens =>
                        tokens.AddTokenSource(
                            "mine",
                            _ => new ScriptedSource(TimeProvider.System),
                            o => o.StoreKey = "My Key"
                        ),
                    "mine"
                )
        ),
    ];

    private static Task<string> Registered(Action<IHttpClientBuilder> place) =>
        StartAsync(tokens =>
        {
            IsBoth(tokens);
            place(tokens.Services.AddHttpClient("Voice"));
        });

    private static Task<string> Stored(Action<TokenAuthBuilder> store) =>
        StartAsync(tokens =>
        {
            tokens.AddVkCloud("voice", IsVoice);
            store(tokens);
        });

    private static void IsBoth(TokenAuthBuilder tokens) =>
        tokens.AddVkCloud("voice", IsVoice).AddAzureSpeech("speech", IsSpeech);

    private static Task Ask(Func<ITokenProvider> ask)
    {
        ask();
        return Task.CompletedTask;
    }
}
