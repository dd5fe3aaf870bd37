using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth.IntegrationTests.DependencyInjection;

/// <summary>What a newcomer gets wrong, in an application as the templates make it. Every message says what to do.</summary>
public sealed class NewcomerMistakeTests
{
    private static readonly Dictionary<string, string?> s_right = new()
    {
        ["TokenAuth:voice:Provider"] = "VkCloud",
        ["TokenAuth:voice:ClientId"] = "mcs0000000000.voice.test",
        ["TokenAuth:voice:ClientSecret"] = "a-secret",
        ["TokenAuth:speech:Provider"] = "AzureSpeech",
        ["TokenAuth:speech:Region"] = "westeurope",
        ["TokenAuth:speech:SubscriptionKey"] = "a-key",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Failure", "37")]
    [InlineData(
        "voice:ClientSecret",
        null,
        "TokenAuth:voice:ClientSecret is missing; copy it from the VK Cloud console, or set RefreshToken to one that was issued earlier."
    )]
    [InlineData("voice:ClientId", "", "TokenAuth:voice:ClientId is missing; copy it from the VK Cloud console.")]
    [InlineData(
        "speech:Region",
        "West Europe",
        "TokenAuth:speech:Region is 'West Europe'; write it without spaces in lower case, for example 'westeurope'."
    )]
    [InlineData(
        "speech:SubscriptionKey",
        "a-key\n",
        "TokenAuth:speech:SubscriptionKey has white space around it (a line break from a file or a copy?); remove it."
    )]
    [InlineData(
        "voice:TokenEndpoint",
        "http://mcs.mail.ru/auth/oauth/v1/token",
        "TokenAuth:voice:TokenEndpoint is 'http://mcs.mail.ru/auth/oauth/v1/token'; a secret goes there, so it must be https (http is for loopback only, or for an emulator with TokenAuth:voice:AllowHttp = true)."
    )]
    public async Task A_wrong_setting_stops_the_start_of_the_application(string setting, string? value, string message)
    {
        using var application = Application(new(s_right) { ["TokenAuth:" + setting] = value });

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => application.StartAsync(Stop));

        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public async Task Without_a_mistake_the_application_starts_and_asks_nobody()
    {
        using var application = Application(s_right);

        await application.StartAsync(Stop);

        await application.StopAsync(Stop);
    }

    [Fact]
    public async Task A_provider_that_no_one_registered_stops_the_start_of_the_application()
    {
        using var application = Application(s_right, client => client.AddBearerToken("vioce"));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => application.StartAsync(Stop));

        Assert.Equal(
            "AddBearerToken(\"vioce\") of HttpClient 'Voice': No token provider is named 'vioce'; the registered ones are 'speech', 'voice'.",
            fault.Message
        );
    }

    [Theory]
    [Trait("Failure", "27")]
    [InlineData(
        "https://api.example.com/asr",
        "AddBearerToken(\"voice\") of HttpClient 'Voice' sends no credential to 'https://api.example.com': the credential is for "
            + "voice.mcs.mail.ru, smarty.mail.ru and loopback. If that service may receive it, add \"api.example.com\" to AllowedHosts in the "
            + "options of AddBearerToken(\"voice\") of HttpClient 'Voice'."
    )]
    [InlineData(
        "https://voice.mcs.mail.ru:8443/asr",
        "AddBearerToken(\"voice\") of HttpClient 'Voice' sends no credential to 'https://voice.mcs.mail.ru:8443': the credential is for "
            + "voice.mcs.mail.ru, smarty.mail.ru and loopback. If that service may receive it, add \"voice.mcs.mail.ru:8443\" to AllowedHosts in "
            + "the options of AddBearerToken(\"voice\") of HttpClient 'Voice'."
    )]
    [InlineData(
        "http://voice.mcs.mail.ru/asr",
        "AddBearerToken(\"voice\") of HttpClient 'Voice' sends no credential to 'http://voice.mcs.mail.ru': only https and loopback may receive "
            + "one. Use the service's https address, or, for an emulator, add \"voice.mcs.mail.ru\" to AllowHttp in the options of "
            + "AddBearerToken(\"voice\") of HttpClient 'Voice'."
    )]
    public async Task The_first_request_to_a_wrong_address_is_not_sent(string address, string message)
    {
        using var application = Application(s_right, client => client.AddBearerToken("voice"));
        await application.StartAsync(Stop);
        using var http = application.Services.GetRequiredService<IHttpClientFactory>().CreateClient("Voice");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => http.GetAsync(new Uri(address), Stop));

        Assert.Equal(message, fault.Message);
    }

    private static IHost Application(
        Dictionary<string, string?> settings,
        Action<IHttpClientBuilder>? placeCredential = null
    )
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddTokenAuth(builder.Configuration.GetSection("TokenAuth"));
        placeCredential?.Invoke(builder.Services.AddHttpClient("Voice"));
        return builder.Build();
    }
}
