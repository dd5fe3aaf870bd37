using Microsoft.Extensions.DependencyInjection;
using static TokenAuth.IntegrationTests.FirstMistakes.Beginner;

namespace TokenAuth.IntegrationTests.FirstMistakes;

/// <summary>Settings that are missing, misspelt or in the wrong place.</summary>
internal static partial class MistakeCatalogue
{
    private static readonly Mistake[] s_settings =
    [
        new("The client id is missing", () => Voice(("voice:ClientId", null))),
        new("The client secret is missing", () => Voice(("voice:ClientSecret", null))),
        new("A placeholder is left", () => Voice(("voice:ClientSecret", "<client secret>"))),
        new("The secret was copied with a line break", () => Voice(("voice:ClientSecret", Secret + "\n"))),
        new("The secret is in quotation marks", () => Voice(("voice:ClientSecret", $"\"{Secret}\""))),
        new(
            "The id and the secret are swapped",
            () => Voice(("voice:ClientId", Secret), ("voice:ClientSecret", "mcs0000000000.voice.id"))
        ),
        new("The id stands in both places", () => Voice(("voice:ClientSecret", "mcs0000000000.voice.id"))),
        new(
            "The token endpoint is http",
            () => Voice(("voice:TokenEndpoint", "http://mcs.mail.ru/auth/oauth/v1/token"))
        ),
        new("The token endpoint has no https://", () => Voice(("voice:TokenEndpoint", "mcs.mail.ru/auth"))),
        new("A setting is misspelt", () => Voice(("voice:ClientSecrett", Secret))),
        new("A time is written in seconds", () => Voice(("voice:AssumedLifetime", "3600"))),
        new("A time is written in words", () => Voice(("voice:AssumedLifetime", "one hour"))),
        new("The kind is missing", () => Voice(("voice:Provider", null))),
        new("The kind is misspelt", () => Voice(("voice:Provider", "VkClod"))),
        new("The region is written as the portal shows it", () => Speech(("speech:Region", "West Europe"))),
        new("The region is missing", () => Speech(("speech:Region", null))),
        new(
            "The key stands in the region's place",
            () => Speech(("speech:Region", "0123456789abcdef0123456789abcdef"))
        ),
        new("The key is missing", () => Speech(("speech:SubscriptionKey", null))),
        new(
            "The endpoint is a page of the portal",
            () => Speech(("speech:Endpoint", "https://portal.azure.com/#@contoso/resource"))
        ),
        new(
            "The token endpoint lacks its path",
            () => Speech(("speech:TokenEndpoint", "https://contoso.cognitiveservices.azure.com/"))
        ),
        new("A token is to be reused for half an hour", () => Speech(("speech:ReuseFor", "00:30:00"))),
        new(
            "Two settings are wrong",
            () => StartAsync(("voice:Provider", "VkCloud"), ("voice:ClientSecret", Secret + " "))
        ),
        new(
            "The static token has its scheme in front",
            () => StartAsync(("service:Provider", "StaticToken"), ("service:Token", "Bearer " + Secret))
        ),
        new(
            "The whole configuration is given",
            () =>
                StartHostAsync(builder =>
                {
                    builder.Configuration["Voice:ClientId"] = "mcs0000000000.voice.id";
                    builder.Services.AddTokenAuth(builder.Configuration);
                })
        ),
        new("The section is flat", () => StartAsync(("Provider", "VkCloud"), ("ClientId", "mcs0000000000.voice.id"))),
        new("The section is empty", () => StartAsync([])),
        new("The kind of the store is missing", () => Voice(("Store:EncryptionKey", StoreKey))),
        new("The kind of the store is misspelt", () => Voice(("Store:Kind", "Postgress"))),
        new(
            "The package of the store is not called",
            () => Voice(("Store:Kind", "Redis"), ("Store:Configuration", "redis:6379"))
        ),
        new("The store of the section has no key", () => Voice(("Store:Kind", "File"))),
    ];

    private static string StoreKey => Convert.ToBase64String(new byte[32]);

    private static Task<string> Voice(params (string Key, string? Value)[] wrong) =>
        StartAsync([
            ("voice:Provider", "VkCloud"),
            ("voice:ClientId", "mcs0000000000.voice.id"),
            ("voice:ClientSecret", Secret),
            .. wrong,
        ]);

    private static Task<string> Speech(params (string Key, string? Value)[] wrong) =>
        StartAsync([
            ("speech:Provider", "AzureSpeech"),
            ("speech:Region", "westeurope"),
            ("speech:SubscriptionKey", Secret),
            .. wrong,
        ]);
}
